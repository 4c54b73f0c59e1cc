// What is validated, made ready before anything is measured: the scenario on each provider with the calibration that its predictions
// rest on, refused where one of the two worlds cannot have it.

import { refuseUndrivable } from "../../bench/host/host-settings.ts";
import { openStoreWatch } from "../../bench/store-watch.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario, StoreProvider } from "../../config/scenario.ts";
import { type Settings, UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { Change } from "../../config/vary.ts";
import { labelOf } from "../../metrics/summarise.ts";
import type { CalibrationUsed } from "../../metrics/validation/validation.ts";
import type { NamedProvider } from "../bench/named-providers.ts";
import { loadScenario } from "../load-scenario.ts";
import {
  describeCalibration,
  type GivenCalibration,
  isBuiltIn,
  readCalibrations,
  refuseUnfit,
} from "./choose-calibration.ts";

export interface SubjectOptions {
  readonly providers?: readonly NamedProvider[];
  readonly calibration?: readonly string[];
  readonly seed?: number;
  /** Length of the measured part, in real time. */
  readonly seconds?: number;
  readonly requests?: number;
}

/** One provider of a validation. */
export interface Subject {
  readonly provider: StoreProvider;
  readonly scenario: Scenario;
  readonly settings: Settings | null;
  readonly calibration: CalibrationUsed;
  readonly notes: readonly string[];
}

export interface Subjects {
  /** As it was read, with the options' seed and length. */
  readonly base: Scenario;
  readonly all: readonly Subject[];
}

/** @throws InputError with what cannot be validated, every provider's. */
export async function prepareSubjects(file: string, options: SubjectOptions): Promise<Subjects> {
  const { scenario: base, settings } = await loadScenario(file);
  refuseUnvalidatable(base, options);
  const own: StoreProvider = base.site.mode === "InProc" ? "in-proc" : base.store.provider;
  const providers = options.providers?.map(({ provider }) => provider) ?? [own];
  const given = await readCalibrations(options.calibration ?? [], providers);
  const all: Subject[] = [];
  const problems: Problem[] = [];
  for (const [place, provider] of providers.entries()) {
    try {
      const calibration = given.find((one) => one.provider === provider);
      const module = options.providers?.[place]?.module ?? null;
      const subject = await subjectOf(file, { base, provider, module, calibration, settings });
      all.push({ ...subject, scenario: withOptions(subject.scenario, options) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const known = ({ at, given: said }: Problem) => problems.some((one) => one.at === at && one.given === said);
      problems.push(...error.problems.filter((problem) => !known(problem)));
    }
  }
  if (problems.length > 0) throw new InputError("Cannot validate", problems);
  return { base: withOptions(base, options), all };
}

interface Asked {
  readonly base: Scenario;
  readonly provider: StoreProvider;
  readonly module: string | null;
  readonly calibration: GivenCalibration | undefined;
  readonly settings: Settings | null;
}

async function subjectOf(file: string, { base, provider, module, calibration, settings }: Asked): Promise<Subject> {
  const changes: Change[] = [{ key: "store.provider", value: provider }];
  if (module !== null) changes.push({ key: "store.module", value: module });
  // What the command line names stands in the place of what the scenario does, which may be another provider's.
  if (calibration !== undefined) changes.push({ key: "store.calibration", value: "built-in" });
  const { scenario } = await loadScenario(file, changes);
  const sameStore = scenario.site.mode === base.site.mode && scenario.store.provider === base.store.provider;
  const costs = calibration?.calibration ?? scenario.calibration;
  const from =
    calibration !== undefined ? `--calibration ${calibration.file}` : isBuiltIn(costs) ? "built-in" : "the scenario";
  refuseUnfit(costs, provider, base.name, from);
  const uncapped = scenario.site.mode !== "InProc" && scenario.site.sessionsMax !== UNLIMITED_SESSIONS;
  const ready: Scenario = {
    ...scenario,
    calibration: costs,
    site: uncapped ? { ...scenario.site, sessionsMax: UNLIMITED_SESSIONS } : scenario.site,
    store: sameStore ? scenario.store : { ...scenario.store, connections: [] },
  };
  refuseUndrivable(ready);
  const note = `The cap of ${scenario.site.sessionsMax} sessions is left out: only a worker that keeps its sessions itself can count them before it lets one in.`;
  return {
    provider,
    scenario: ready,
    settings,
    calibration: describeCalibration(costs, from),
    notes: uncapped ? [note] : [],
  };
}

function withOptions(scenario: Scenario, { seed, seconds }: SubjectOptions): Scenario {
  const { precision: _, antithetic: __, ...run } = scenario.run;
  const durationMs = seconds === undefined ? run.durationMs : run.warmupMs + seconds * 1000 * run.timeScale;
  const rows = run.durationMs / run.sampleMs;
  return {
    ...scenario,
    targets: [],
    run: { ...run, seed: seed ?? run.seed, replications: 1, durationMs, sampleMs: durationMs / rows },
  };
}

function refuseUnvalidatable(
  { name, run, site, workload, store }: Scenario,
  { providers, seconds, requests }: SubjectOptions,
): void {
  const problems: Problem[] = [];
  if (requests !== undefined && (seconds !== undefined || !isSteady(workload.arrivals))) {
    problems.push({
      at: "--requests",
      given: seconds === undefined ? `with arrivals of kind ${workload.arrivals.kind}` : "with --seconds",
      expected: "a steady load (poisson, constant), and one of the two lengths",
      mend: "leave it out",
    });
  }
  if (run.fidelity === "population") {
    problems.push({
      at: "run.fidelity",
      given: "population",
      expected: "requests: where a request takes no time there is nothing to compare with a measured one",
      mend: "change it, or leave it out",
    });
  }
  if (workload.population !== undefined) {
    problems.push({
      at: "workload.population",
      given: `${workload.population.sessions} sessions`,
      expected: "none: in a simulation every visit is somebody new",
      mend: "leave it out",
    });
  }
  if (site.mode === "Off") {
    problems.push({ at: "site.mode", given: "Off", expected: "a mode with sessions", mend: "change it" });
  }
  const modules = (providers ?? [])
    .map(({ provider }) => provider)
    .concat(providers === undefined ? [store.provider] : []);
  for (const provider of new Set(modules)) {
    if (provider !== "sealed-cookie") continue;
    problems.push({
      at: "--providers",
      given: provider,
      expected: "a store that keeps sessions: what clients hold themselves has no model here",
      mend: "leave it out",
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot validate "${name}"`, problems);
}

/** That every store can be had on this machine, found out before the first of them is measured. @throws InputError */
export async function expectStores(subjects: readonly Subject[]): Promise<ReadonlyMap<StoreProvider, string>> {
  const labels = new Map<StoreProvider, string>();
  const problems: Problem[] = [];
  for (const { provider, scenario } of subjects) {
    try {
      const store = await openStoreWatch(scenario);
      labels.set(provider, labelOf(scenario, store?.engine ?? null));
      await store?.close();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError("Cannot validate", problems);
  return labels;
}

function isSteady({ kind }: Scenario["workload"]["arrivals"]): boolean {
  return kind === "poisson" || kind === "constant";
}
