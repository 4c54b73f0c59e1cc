// From the path a user gave to a Scenario: the file itself, then the settings, the workload and the calibration it names. A
// web.config in place of a scenario is that site under the bundled lunch-hour workload. All mistakes come out in one list.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { parseCalibration } from "../config/calibration.ts";
import type { WorkloadFile } from "../config/file/workload.ts";
import { parseScenario, parseWorkload } from "../config/parse-scenario.ts";
import type { ParsedText } from "../config/parse-with-schema.ts";
import { InputError, type Problem } from "../config/problem.ts";
import { resolveScenario } from "../config/resolve-scenario.ts";
import type { Calibration, Scenario } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import type { Change } from "../config/vary.ts";
import { simulatedFigureKeys, targetFigureKeys } from "../metrics/figures.ts";
import { packageRoot } from "./package-root.ts";
import { readSettingsFiles } from "./read-settings-files.ts";

export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly settings: Settings | null;
}

export const lunchHourPath = path.join(packageRoot, "scenarios", "lunch-hour.yaml");
/** What stores are ranked by where no scenario is named. */
export const ycsbPath = path.join(packageRoot, "scenarios", "ycsb-a.yaml");
/** What a comparison of many runs takes. */
export const ycsbShortPath = path.join(packageRoot, "scenarios", "ycsb-a-short.yaml");

/**
 * @param changes keys of the scenario file with other values than it says.
 * @throws InputError with every mistake of the scenario and of the files it names.
 */
export async function loadScenario(file: string, changes: readonly Change[] = []): Promise<LoadedScenario> {
  if (isSettingsFile(file)) return loadSite(file, changes);
  const text = await readInput(file, `Cannot read scenario "${file}"`);
  const changed = changes.some(({ key }) => key.startsWith("workload.")) ? await inlined(text, file) : text;
  const parsed = parseScenario(changed, file, targetFigureKeys, simulatedFigureKeys, changes);
  const raw = (parsed.raw ?? {}) as RawReferences;
  const problems = [...parsed.problems];
  const at = (...steps: string[]) => ({ at: steps.join("."), file, ...parsed.locate(steps) });
  const settings = await collect(problems, () => loadSettings(raw, file, at("site", "settings")));
  const workload = await collect(problems, () => loadWorkload(raw, file, at("workload")));
  const calibrations = await collect(problems, () => loadCalibrations(raw, file, at("store", "calibration")));
  if (problems.length > 0) throw new InputError(`Cannot read scenario "${file}"`, problems);
  const value = parsed.value;
  if (value === null) throw new Error("a scenario without problems has a value");
  const inline = typeof value.workload === "string" ? workload : value.workload;
  if (inline === null) throw new Error("a workload without problems has a value");
  const open = resolveScenario({ file: value, workload: inline, settings, calibration: null });
  const calibration = calibrationOf(open, calibrations ?? [], at("store", "calibration"));
  return { scenario: calibration === null ? open : { ...open, calibration }, settings };
}

/** A scenario that names its workload's file, with the workload in the file's place, so that keys of it can be changed. */
async function inlined(text: string, file: string): Promise<string> {
  const raw: unknown = parseYaml(text, { logLevel: "silent" });
  if (typeof raw !== "object" || raw === null || !("workload" in raw) || typeof raw.workload !== "string") return text;
  const named = besideFile(file, raw.workload);
  const workload = await readFile(named, "utf8").catch(() => null);
  return workload === null ? text : JSON.stringify({ ...raw, workload: parseYaml(workload) });
}

/**
 * The calibration of the scenario's store among those named; of one that does not say whose it is, whoever names it says so.
 * @returns null for the built-in one.
 * @throws InputError where there is one for another provider alone.
 */
function calibrationOf(
  { name, site, store }: Scenario,
  calibrations: readonly Calibration[],
  place: Place,
): Calibration | null {
  const provider = site.mode === "Off" || site.mode === "InProc" ? "in-proc" : store.provider;
  const own =
    calibrations.find((one) => one.provider === provider) ?? calibrations.find((one) => one.provider === undefined);
  if (own !== undefined) return own;
  if (calibrations.length !== 1) return null;
  throw new InputError(`Cannot read scenario "${name}"`, [
    {
      ...place,
      given: `"${calibrations[0].name}", which is of ${calibrations[0].provider}`,
      expected: `one of ${provider}, which keeps the sessions in mode ${site.mode}`,
      mend: `make one: sessionlab calibrate --provider ${provider}; or name several in a list`,
    },
  ]);
}

/** The references of a scenario as they stand, whether or not the rest of it can be read. */
interface RawReferences {
  readonly site?: { readonly settings?: unknown; readonly location?: unknown };
  readonly workload?: unknown;
  readonly store?: { readonly calibration?: unknown };
}

type Place = Pick<Problem, "at" | "file" | "line" | "column">;

function isSettingsFile(file: string): boolean {
  return /\.(config|xml|cmd|bat)$/i.test(file);
}

async function loadSite(file: string, changes: readonly Change[]): Promise<LoadedScenario> {
  const { settings } = await readSettingsFiles([file], {});
  const text = await readFile(lunchHourPath, "utf8");
  const parsed = parseScenario(text, lunchHourPath, targetFigureKeys, simulatedFigureKeys, changes);
  const value = parsed.value;
  if (value === null || typeof value.workload === "string")
    throw new InputError(`Cannot read "${file}"`, parsed.problems);
  const asked = (key: string) => changes.some((change) => change.key === key);
  const site = {
    ...value.site,
    ...(asked("site.mode") || asked("store.provider") ? {} : { mode: undefined }),
    ...(asked("site.timeoutMinutes") ? {} : { timeoutMinutes: undefined }),
    ...(asked("site.sessionsMax") ? {} : { sessionsMax: undefined }),
  };
  const named = { ...value, name: path.basename(file), site, targets: [] };
  const scenario = resolveScenario({ file: named, workload: value.workload, settings, calibration: null });
  return { scenario, settings };
}

async function loadSettings(raw: RawReferences, file: string, place: Place): Promise<Settings | null> {
  const named = raw.site?.settings;
  const paths =
    typeof named === "string" ? [named] : Array.isArray(named) ? named.filter((p) => typeof p === "string") : [];
  if (paths.length === 0) return null;
  for (const settingsPath of paths) await mustExist(settingsPath, file, place);
  const location = typeof raw.site?.location === "string" ? { location: raw.site.location } : {};
  const beside = paths.map((settingsPath) => besideFile(file, settingsPath));
  return (await readSettingsFiles(beside, location)).settings;
}

async function loadWorkload(raw: RawReferences, file: string, place: Place): Promise<WorkloadFile | null> {
  return typeof raw.workload === "string" ? readNamed(raw.workload, file, place, parseWorkload) : null;
}

async function loadCalibrations(raw: RawReferences, file: string, place: Place): Promise<readonly Calibration[]> {
  const files = [raw.store?.calibration].flat().filter((named) => typeof named === "string" && named !== "built-in");
  return Promise.all(files.map((named) => readNamed(String(named), file, place, parseCalibration)));
}

/** A path that a file names: from its folder, unless it begins at the root. */
export function besideFile(file: string, named: string): string {
  return path.isAbsolute(named) ? named : path.join(path.dirname(file), named);
}

async function readNamed<T>(
  named: string,
  file: string,
  place: Place,
  parse: (text: string, file: string) => ParsedText<T>,
): Promise<T> {
  await mustExist(named, file, place);
  const beside = besideFile(file, named);
  const parsed = parse(await readInput(beside, `Cannot read "${beside}"`), beside);
  if (parsed.value === null) throw new InputError(`Cannot read "${beside}"`, parsed.problems);
  return parsed.value;
}

async function mustExist(named: string, file: string, place: Place): Promise<void> {
  const beside = besideFile(file, named);
  const text = await readFile(beside).catch((error: NodeJS.ErrnoException) => error);
  if (!(text instanceof Error)) return;
  const given = `"${named}", ${text.code === "ENOENT" ? "which does not exist" : `which cannot be read (${text.code})`}`;
  const problem = {
    ...place,
    given,
    expected: "a file",
    mend: `give its path from the folder of ${path.basename(file)}`,
  };
  throw new InputError(`Cannot read scenario "${file}"`, [problem]);
}

/** Runs one reader and keeps its mistakes instead of stopping at them. */
async function collect<T>(problems: Problem[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** The text of a file, or an InputError that says why there is none. */
export async function readInput(file: string, action: string): Promise<string> {
  const problem = (given: string, expected: string, mend: string) =>
    new InputError(action, [{ at: "the file", given, expected, mend, file }]);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw problem("not there", "a file", "check the path");
    if (error.code === "EISDIR") throw problem("a directory", "a file", "name a file in it");
    throw problem(`not readable (${error.code})`, "a readable file", "check its permissions");
  });
  if (bytes.includes(0)) throw problem("binary", "a text in UTF-8", "name another file");
  if (bytes.toString("utf8").trim() === "") throw problem("empty", "some text", "name another file");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}
