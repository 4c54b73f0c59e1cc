import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { noiseAbout, noiseFilePath, readNoise, writeNoise } from "../../../cli/against/noise-file.ts";
import type { NoiseFloors } from "../../../metrics/compare/noise-floors.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { makeResult } from "../../reports/fixture-result.ts";

const about = noiseAbout(makeResult({ kind: "measured" }));
const floors: NoiseFloors = {
  schema: "sessionlab.noise/1",
  ...about,
  measuredAt: "2026-11-21T00:00:00.000Z",
  blocks: 16,
  floors: [
    {
      key: "responseP50Ms",
      label: "p50",
      unit: "ms",
      scale: "relative",
      floor: 0.02,
      blockDeviation: 0.01,
      blockDifferences: [0.01, -0.01],
      runDeviation: 0.01,
    },
  ],
};

describe("the noise of this machine", () => {
  test("is read back as it was written, into folders that need not be there", async () => {
    const file = path.join(await temporaryFolder(), "a", "b", "noise.json");
    expect(await writeNoise(floors, file)).toBe(file);
    expect(await readNoise(about, file)).toEqual(floors);
  });

  test("says nothing of another machine, driver, scenario or label", async () => {
    const file = path.join(await temporaryFolder(), "noise.json");
    await writeNoise(floors, file);
    expect(await readNoise({ ...about, machine: "another" }, file)).toBeNull();
    expect(await readNoise({ ...about, driver: "locks" }, file)).toBeNull();
    expect(await readNoise({ ...about, scenario: "another" }, file)).toBeNull();
    expect(await readNoise({ ...about, label: "another" }, file)).toBeNull();
  });

  test("says nothing of runs that take much longer", async () => {
    const file = path.join(await temporaryFolder(), "noise.json");
    await writeNoise({ ...floors, runSeconds: 1.5 }, file);
    expect(await readNoise({ ...about, runSeconds: 20 }, file)).toBeNull();
    expect(await readNoise({ ...about, runSeconds: 3 }, file)).toMatchObject({ runSeconds: 1.5 });
  });

  test("has a place of its own for each of them, in the user's state folder", () => {
    const env = { XDG_STATE_HOME: "/state" };
    const place = noiseFilePath(
      { machine: "AMD EPYC, 2 cores, linux x64", driver: "micro", scenario: "a/../b", label: "InProc, micro" },
      env,
    );
    expect(place).toBe("/state/sessionlab/noise/AMD_EPYC_2_cores_linux_x64-micro-a_.._b-InProc_micro.json");
    expect(noiseFilePath(about, {})).toContain(path.join(".local", "state", "sessionlab", "noise"));
    expect(noiseFilePath(about, { XDG_STATE_HOME: "relative" })).not.toContain("relative");
  });

  test("that was never measured is not known, but a file that was named has to be there", async () => {
    const folder = await temporaryFolder();
    expect(await readNoise({ ...about, scenario: "never measured" })).toBeNull();
    await expect(readNoise(about, path.join(folder, "no.json"))).rejects.toThrow(/not there.*--calibrate-noise/s);
  });

  test.each([
    ["cut off", '{ "schema": "sessionl', /not JSON/],
    ["something else", '{ "schema": "sessionlab.run-result/1" }', /not as it should be at schema/],
    ["without floors", JSON.stringify({ ...floors, floors: undefined }), /not as it should be at floors/],
  ])("is refused where its file is %s", async (_what, text, message) => {
    const file = path.join(await temporaryFolder(), "noise.json");
    await writeFile(file, text);
    await expect(readNoise(about, file)).rejects.toThrow(message);
  });

  test("is not written where it cannot be, and leaves nothing half written", async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, "file"), "kept");
    await expect(writeNoise(floors, path.join(folder, "file", "noise.json"))).rejects.toThrow(
      /not writable.*--noise-file/s,
    );
    expect(await readFile(path.join(folder, "file"), "utf8")).toBe("kept");
  });
});
