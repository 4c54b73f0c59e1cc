// Where this machine's noise is kept between one command and the next: one small file for each machine, driver, scenario and label,
// among the user's state, or where --noise-file says, so that a CI can keep it in the repository.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { InputError } from "../../config/problem.ts";
import { machineOf } from "../../metrics/compare/machine.ts";
import { NOISE_SCHEMA, type NoiseFloors } from "../../metrics/compare/noise-floors.ts";
import { driverNames, type RunResult } from "../../metrics/run-result.ts";

/** What a noise file is about: it says nothing of any other run. */
export type NoiseAbout = Pick<NoiseFloors, "machine" | "driver" | "scenario" | "label" | "runSeconds">;

/** A busy machine makes short runs longer; beyond this they were asked for longer. */
const RUN_LONGER_MAX = 4;

export function noiseAbout({ environment, driver, scenario, label }: RunResult): NoiseAbout {
  return {
    machine: machineOf(environment),
    driver,
    scenario: scenario.name,
    label,
    runSeconds: environment.wallSeconds,
  };
}

const floorsSchema = z.object({
  schema: z.literal(NOISE_SCHEMA),
  machine: z.string(),
  driver: z.enum(driverNames),
  scenario: z.string(),
  label: z.string(),
  measuredAt: z.string(),
  runSeconds: z.number().optional(),
  blocks: z.number(),
  floors: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      unit: z.string(),
      scale: z.enum(["relative", "absolute"]),
      floor: z.number(),
      blockDeviation: z.number(),
      runDeviation: z.number(),
      blockDifferences: z.array(z.number()).min(1),
    }),
  ),
});

function isAbout(floors: NoiseFloors, about: NoiseAbout): boolean {
  const same = (["machine", "driver", "scenario", "label"] as const).every((key) => floors[key] === about[key]);
  if (floors.runSeconds === undefined || about.runSeconds === undefined) return same;
  const ratio = floors.runSeconds / about.runSeconds;
  return same && ratio <= RUN_LONGER_MAX && 1 / ratio <= RUN_LONGER_MAX;
}

/** The user's own place for it: sessionlab/noise below $XDG_STATE_HOME or ~/.local/state. */
export function noiseFilePath(about: NoiseAbout, env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_STATE_HOME;
  const state = given !== undefined && path.isAbsolute(given) ? given : path.join(os.homedir(), ".local", "state");
  const words = [about.machine, about.driver, about.scenario, about.label];
  return path.join(state, "sessionlab", "noise", `${words.map(asFileName).join("-")}.json`);
}

/** Letters, digits and dots as they are, all between them one underscore: "InProc, micro" is InProc_micro. */
function asFileName(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}.]+/gu, "_")
    .replace(/^[_.]+|_+$/g, "")
    .slice(0, 60);
}

/**
 * What was measured of the noise of these runs.
 * @param file instead of the user's own place.
 * @returns null where nothing was, or what is there is about another machine, driver, scenario or label, or about much longer or
 * shorter runs.
 * @throws InputError for a file that is there and is none of ours, and for one that was named and is not there.
 */
export async function readNoise(about: NoiseAbout, file?: string): Promise<NoiseFloors | null> {
  const place = file ?? noiseFilePath(about);
  const text = await readFile(place, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && file === undefined) return null;
    const given = error.code === "ENOENT" ? "not there" : `not readable (${error.code})`;
    throw refuse(place, given, "measure it: sessionlab bench --calibrate-noise, with the same --noise-file");
  });
  if (text === null) return null;
  const floors = parseNoise(text, place);
  return isAbout(floors, about) ? floors : null;
}

/** @param place of the text, for errors. @throws InputError where it is no such file. */
export function parseNoise(text: string, place: string): NoiseFloors {
  const mend = "remove the file, or measure again: sessionlab bench --calibrate-noise";
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw refuse(place, `not JSON (${(error as SyntaxError).message.replace(/\s+/g, " ")})`, mend);
  }
  const parsed = floorsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(place, `not as it should be at ${issue.path.join(".") || "its start"}: ${issue.message}`, mend);
}

/** Written whole or not at all. @returns the path. @throws InputError where it cannot be written. */
export async function writeNoise(floors: NoiseFloors, file?: string): Promise<string> {
  const place = path.resolve(file ?? noiseFilePath(floors));
  const unfinished = `${place}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(unfinished, `${JSON.stringify(floors, null, 2)}\n`);
    await rename(unfinished, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(place, `not writable (${code})`, "name another place with --noise-file");
  }
  return place;
}

function refuse(file: string, given: string, mend: string): InputError {
  const expected = "this machine's noise as bench --calibrate-noise writes it";
  return new InputError("Cannot use the noise file", [{ at: "the file", given, expected, mend, file }]);
}
