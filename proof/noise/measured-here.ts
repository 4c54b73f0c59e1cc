// What `bench --calibrate-noise` has measured on this machine, so that power is proved under that.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { noiseFilePath, parseNoise } from "../../cli/against/noise-file.ts";
import { InputError } from "../../config/problem.ts";
import type { NoiseFloors } from "../../metrics/compare/noise-floors.ts";

/**
 * @param files as `bench --calibrate-noise` writes them; undefined: all that it has kept here, if any.
 * @throws InputError for a file that cannot be read or is none of them.
 */
export async function measuredHere(files: readonly string[] | undefined): Promise<readonly NoiseFloors[]> {
  const kept = files ?? (await keptFiles());
  return Promise.all(kept.map(async (file) => parseNoise(await textOf(file), file)));
}

async function keptFiles(): Promise<readonly string[]> {
  const folder = path.dirname(noiseFilePath({ machine: "any", driver: "micro", scenario: "any", label: "any" }));
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(".json")).map((name) => path.join(folder, name));
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const expected = "a file written by sessionlab bench --calibrate-noise";
    throw new InputError("Cannot prove", [
      { at: "--noise", given: `${file} (${error.code})`, expected, mend: "name another" },
    ]);
  });
}
