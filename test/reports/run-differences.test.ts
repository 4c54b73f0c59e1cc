import { describe, expect, test } from "vitest";
import type { RunResult } from "../../metrics/run-result.ts";
import { differencesOf, leadFigureApart, repeatedRuns } from "../../reports/run-differences.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { makeResult } from "./fixture-result.ts";

const run = makeResult({ kind: "measured" });

function changed(changes: Partial<RunResult>): RunResult {
  return { ...run, ...changes };
}

const later: RunResult = changed({ environment: { ...run.environment, startedAt: "2024-05-07T12:00:00.000Z" } });

describe("what differed between two runs", () => {
  test("nothing, where only the moment did", () => {
    expect(differencesOf(run, later)).toEqual([]);
  });

  test("program and machine", () => {
    const environment = { ...run.environment, node: "v26.0.0", cores: 8, memoryBytes: 16 * 1024 ** 3 };
    expect(differencesOf(run, changed({ environment }))).toEqual([
      { what: "Node", first: "v24.0.0", second: "v26.0.0" },
      { what: "cores", first: "2", second: "8" },
      { what: "memory", first: "8 GiB", second: "16 GiB" },
    ]);
  });

  test("the connections of a saturation run", () => {
    const study = {
      kind: "saturation",
      connections: 32,
      roundsRequestsPerSecond: [1],
      requestsPerSecond: { value: 1, interval: null },
      hostBusyShare: null,
      generatorBusyShare: null,
    } as const;
    const fewer = changed({ study: { ...study, connections: 8 } });
    expect(differencesOf(changed({ study }), fewer)).toEqual([{ what: "connections", first: "32", second: "8" }]);
  });

  test("values of the scenario by their path, also those that only one of them has", () => {
    const { scenario } = run;
    const other = {
      ...scenario,
      description: "another text changes nothing",
      site: { ...scenario.site, timeoutMs: 60_000 },
      workload: { ...scenario.workload, arrivals: { kind: "constant", perSecond: 3 } as const },
    };
    const found = differencesOf(run, changed({ scenario: other }));
    expect(found).toContainEqual({
      what: "site.timeoutMs",
      first: JSON.stringify(scenario.site.timeoutMs),
      second: "60000",
    });
    expect(found).toContainEqual({ what: "workload.arrivals.kind", first: "poisson", second: "constant" });
    expect(found.some(({ what }) => what.includes("description"))).toBe(false);
  });

  test("how busy the machine was, when it was another order of busy", () => {
    const generator = run.audit.generator;
    if (generator === null) throw new Error("a measured run has one");
    const audit = { ...run.audit, generator: { ...generator, otherLoadShare: 0.4, startLagP99Ms: 0.5 } };
    expect(differencesOf(run, changed({ audit }))).toEqual([
      { what: "processors used by others", first: "2 %", second: "40 %" },
    ]);
  });
});

describe("runs of one bench", () => {
  test("are measured, of the same scenario, mode, provider and driver", () => {
    const simulated = makeResult({ kind: "simulated" });
    const otherDriver = changed({ driver: "saturation" });
    expect(repeatedRuns([simulated, run, otherDriver, later, simulated])).toEqual([[run, later]]);
    expect(repeatedRuns([run, simulated])).toEqual([]);
  });

  test("are compared by the median of the response time, or by their first figure", () => {
    const figure = (key: string, value: number) => ({ key, label: key, unit: "ms", value });
    const first = changed({ figures: [figure("a", 1), figure("responseP50Ms", 10)] });
    const second = changed({ figures: [figure("responseP50Ms", 10.4), figure("a", 9)] });
    expect(leadFigureApart(first, second)?.share).toBeCloseTo(0.04, 12);
    const study = changed({ figures: [figure("a", 1)] });
    expect(leadFigureApart(study, second)).toEqual({ label: "a", share: 8 });
    expect(leadFigureApart(study, changed({ figures: [] }))).toBeNull();
  });

  test("the terminal says what differed, or that nothing did; for a single run it says nothing", () => {
    const options = { color: false, columns: 120 };
    expect(renderTerminal([run, later], options)).toContain("nothing in scenario, store, program and machine");
    const busier = changed({ environment: { ...later.environment, node: "v26.0.0" } });
    expect(renderTerminal([run, busier], options)).toMatch(/Node +v24\.0\.0 +v26\.0\.0/);
    expect(renderTerminal([run], options)).not.toContain("What differed");
  });
});
