import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { JOURNAL, openPointJournal, pointKey } from "../../../cli/sweep/point-journal.ts";
import { runSweep, workOf } from "../../../cli/sweep/run-sweep.ts";
import type { GridPoint } from "../../../cli/sweep/sweep-grid.ts";
import type { PointsOptions, runPoints } from "../../../cli/workers/run-points.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { concludePoint } from "../../../sim/conclude-point.ts";
import { runReplications } from "../../../sim/simulate.ts";
import { scenarioOf } from "../../scenario-of.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-sweep-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const capped = (sessionsMax: number, more = "seed: 1"): Scenario =>
  scenarioOf(
    `site: { sessionsMax: ${sessionsMax} }\nworkload: { arrivals: 0.1 }\nrun: { fidelity: population, durationMinutes: 60, replications: 2, ${more} }`,
  );
const grid = (caps: readonly number[], more?: string): readonly GridPoint[] =>
  caps.map((cap) => ({ at: [cap], scenario: capped(cap, more) }));

const options: Omit<PointsOptions, "onEnded"> = {
  pool: { run: () => Promise.reject(new Error("unused")), runPoint: () => Promise.reject(new Error("unused")) },
  threads: 1,
  signal: new AbortController().signal,
};

/** In this thread, up to so many points; tells which were run. */
function runnerOf(most: number, ran: number[]): typeof runPoints {
  return async (scenarios, { onEnded }) => {
    for (const [i, scenario] of scenarios.slice(0, most).entries()) {
      ran.push(scenario.site.sessionsMax);
      await onEnded?.(i, concludePoint(scenario, runReplications(scenario)));
    }
    return { outcomes: [], complete: scenarios.length <= most };
  };
}

/** As a new process would. */
async function sweep(points: readonly GridPoint[], most = Number.POSITIVE_INFINITY) {
  const journal = await openPointJournal(folder);
  const ran: number[] = [];
  const work = workOf(points, journal);
  const { outcomes, complete } = await runSweep(work, journal, options, runnerOf(most, ran));
  return { ran, known: work.known, outcomes, complete };
}

const journalText = () => readFileSync(path.join(folder, JOURNAL), "utf8");

describe("a sweep that was stopped", () => {
  test("and started again runs only what is missing, and comes to the same", async () => {
    const caps = [10, 20, 30, 40, 50, 60];
    const first = await sweep(grid(caps), 3);
    expect([first.ran, first.complete]).toEqual([[10, 20, 30], false]);
    const second = await sweep(grid(caps));
    expect([second.ran, second.known, second.complete]).toEqual([[40, 50, 60], 3, true]);
    const whole = caps.map((cap) => concludePoint(capped(cap), runReplications(capped(cap))));
    expect(JSON.stringify(second.outcomes)).toBe(JSON.stringify(whole));
    expect((await sweep(grid(caps))).ran).toEqual([]);
  });

  test("in the middle of a line redoes that point, and spoils no other", async () => {
    await sweep(grid([10, 20]));
    const whole = journalText().length;
    truncateSync(path.join(folder, JOURNAL), whole - 40);
    expect((await sweep(grid([10, 20, 30]))).ran).toEqual([20, 30]);
    expect((await sweep(grid([10, 20, 30]))).ran).toEqual([]);
  });

  test("takes lines that are no points as if they were not there", async () => {
    writeFileSync(path.join(folder, JOURNAL), '{"key":"a"}\nnull\n{"key":1,"outcome":{}}\n\n[]\n');
    expect((await sweep(grid([10]))).ran).toEqual([10]);
    appendFileSync(path.join(folder, JOURNAL), "garbage without an end");
    expect((await sweep(grid([10, 20]))).ran).toEqual([20]);
    expect((await sweep(grid([10, 20]))).ran).toEqual([]);
  });
});

describe("a folder with points", () => {
  test("serves other axes with those that they share, and keeps apart other seeds and replications", async () => {
    await sweep(grid([10, 20]));
    expect((await sweep(grid([20, 30]))).ran).toEqual([30]);
    expect((await sweep(grid([20], "seed: 2"))).ran).toEqual([20]);
    expect((await sweep(grid([20], "seed: 1, warmupMinutes: 5"))).ran).toEqual([20]);
    expect((await sweep(grid([10, 20, 30]))).ran).toEqual([]);
  });

  test("knows a point by what decides its outcome: not its name, its targets or its password", () => {
    const scenario = capped(10);
    const renamed: Scenario = {
      ...scenario,
      name: "other",
      description: "other",
      targets: [{ figure: "refusedShare", atMost: 0.5 }],
      store: { ...scenario.store, connections: scenario.store.connections.map(() => "password=geheim") },
    };
    expect(pointKey(renamed)).toBe(pointKey(scenario));
    expect(pointKey(capped(11))).not.toBe(pointKey(scenario));
    expect(pointKey({ ...scenario, run: { ...scenario.run, replications: 3 } })).not.toBe(pointKey(scenario));
  });

  test("runs a scenario that is at several points of the grid once", async () => {
    const { ran, outcomes } = await sweep([...grid([10, 20]), ...grid([10])]);
    expect(ran).toEqual([10, 20]);
    expect(outcomes[2]).toBe(outcomes[0]);
  });
});
