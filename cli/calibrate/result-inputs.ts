// Which results a calibration can be fitted from, and whose costs they show. All that speaks against them is said at once.

import { InputError, type Problem } from "../../config/problem.ts";
import { defaultProvider, modeOfProvider } from "../../config/resolve-scenario.ts";
import type { Scenario, StoreProvider } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { parseResults } from "../../reports/result-file.ts";
import { readInput } from "../load-scenario.ts";

export interface ResultInputs {
  readonly results: readonly RunResult[];
  /** null for a site seen from outside, when nobody says what keeps its sessions. */
  readonly provider: StoreProvider | null;
}

/** A median of fewer is luck. */
const REQUESTS_MIN = 200;

/** @param asked the provider that the command line names. @throws InputError with all mistakes of all files. */
export async function readResultInputs(
  files: readonly string[],
  asked: StoreProvider | undefined,
): Promise<ResultInputs> {
  const problems: Problem[] = [];
  const read: { readonly file: string; readonly result: RunResult }[] = [];
  for (const file of files) {
    try {
      const text = await readInput(file, `Cannot read "${file}"`);
      for (const result of parseResults(text, file)) {
        read.push({ file, result });
        problems.push(...problemsOf(result).map((problem) => ({ ...problem, file })));
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length === 0) problems.push(...disagreements(read, asked));
  if (problems.length > 0) throw new InputError("Cannot calibrate", problems);
  const provider = asked ?? providerOf(read[0]!.result);
  const results = read.map(({ result }) => {
    const scenario = seenFromOutside(result) ? insideOf(result.scenario, provider) : result.scenario;
    return { ...result, scenario: withPartitions(scenario) };
  });
  return { results, provider };
}

/** Results of programs that knew no partitions do not tell their number: it was that of the connections. */
function withPartitions(scenario: Scenario): Scenario {
  const { store }: { readonly store: Omit<Scenario["store"], "partitions"> & { readonly partitions?: number } } =
    scenario;
  return { ...scenario, store: { ...store, partitions: store.partitions ?? Math.max(1, store.connections.length) } };
}

function problemsOf(result: RunResult): readonly Problem[] {
  const { kind, driver, complete, audit, measured, faults, scenario } = result;
  const problem = (at: string, given: string, expected: string, mend: string): Problem => ({
    at,
    given,
    expected,
    mend,
  });
  if (kind === "simulated") {
    const expected = "a measured one: a simulation would give back the calibration it was made with";
    return [problem("kind", '"simulated"', expected, "run sessionlab bench, and name its result.json")];
  }
  if (driver !== "journeys") {
    const expected = '"journeys": an experiment has no visits that could be simulated';
    return [problem("driver", `"${driver}"`, expected, "run sessionlab bench without --driver")];
  }
  const problems: Problem[] = [];
  if (!complete) problems.push(problem("complete", "false", "a run to its end", "run it again, and let it end"));
  if (audit.verdict === "invalid") {
    const given = `"invalid": ${audit.findings[0] ?? "no reason kept"}`;
    problems.push(problem("audit.verdict", given, "figures that may be used", "mend that, and run it again"));
  }
  const answered = result.histograms.response?.count ?? 0;
  if (answered < REQUESTS_MIN) {
    const given = `${answered} after the warm-up`;
    problems.push(
      problem("requests answered", given, `at least ${REQUESTS_MIN}`, "run it longer, or with more visitors"),
    );
  }
  if (measured.failed > measured.requests / 10) {
    const given = `${measured.failed} of ${measured.requests}`;
    problems.push(problem("requests failed", given, "at most one in ten", "mend the site, and run it again"));
  }
  const struck = [...new Set(faults.map((fault) => fault.kind))].filter((fault) => fault !== "recycle");
  if (struck.length > 0) {
    const expected = "none: what an outage costs is no cost of the store";
    problems.push(problem("faults", struck.join(", "), expected, "run it again with --faults none"));
  }
  if (scenario.workload.population !== undefined) {
    const given = `${scenario.workload.population.sessions} sessions`;
    const expected = "none: in a simulation every visit is somebody new";
    problems.push(problem("scenario.workload.population", given, expected, "bench another scenario"));
  }
  if (scenario.run.fidelity === "population") {
    const expected = "requests";
    problems.push(
      problem("scenario.run.fidelity", "population", expected, "bench a scenario whose requests take time"),
    );
  }
  return problems;
}

function disagreements(
  read: readonly { readonly file: string; readonly result: RunResult }[],
  asked: StoreProvider | undefined,
): readonly Problem[] {
  const known = read.flatMap(({ file, result }) => {
    const provider = providerOf(result);
    return provider === null ? [] : [{ file, provider }];
  });
  const providers = [...new Set(known.map(({ provider }) => provider))];
  if (providers.length > 1) {
    const given = known.map(({ file, provider }) => `${provider} in "${file}"`).join(", ");
    return [
      { at: "--from", given, expected: "results of one provider", mend: "fit each by itself: a calibration is of one" },
    ];
  }
  if (known.length > 0 && known.length < read.length) {
    const given = "results of our own host and of a site seen from outside";
    return [{ at: "--from", given, expected: "one or the other", mend: "fit each by itself" }];
  }
  if (asked === undefined || providers.length === 0 || providers[0] === asked) return [];
  const expected = `${providers[0]}, whose result it is`;
  return [{ at: "--provider", given: asked, expected, mend: "leave it out" }];
}

/** bench --url: nobody saw the site's cores, and its store is its own. */
function seenFromOutside({ figures, store }: RunResult): boolean {
  const busy = figures.find(({ key }) => key === "coreUtilisation")?.value ?? null;
  const memory = figures.find(({ key }) => key === "memoryMeanBytes")?.value ?? null;
  return store === null && busy === null && memory === null;
}

/** null for a site seen from outside. */
function providerOf(result: RunResult): StoreProvider | null {
  if (seenFromOutside(result)) return null;
  const { site, store } = result.scenario;
  return site.mode === "InProc" || site.mode === "Off" ? "in-proc" : store.provider;
}

/** The store calls of a site seen from outside are within its requests, unless its provider is named. */
function insideOf(scenario: Scenario, provider: StoreProvider | null): Scenario {
  const mode = provider === null ? "InProc" : modeOfProvider[provider];
  return {
    ...scenario,
    site: { ...scenario.site, mode },
    store: { ...scenario.store, provider: provider ?? defaultProvider(mode), connections: [] },
  };
}
