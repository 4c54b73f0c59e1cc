import { describe, expect, test } from "vitest";
import type { Law } from "../../../config/scenario.ts";
import { createSimulation, type Happens, replicate, type Simulation } from "../../../sim/index.ts";

const nothing: Happens = () => {};

describe("a run", () => {
  test("lets events happen in order, with the clock at their moment, and says why it ended", () => {
    const sim = createSimulation({ seed: 1 });
    const seen: [number, number, number][] = [];
    sim.schedule(30, 1, 7);
    sim.schedule(10, 2, -8);
    sim.schedule(30, 3);
    const outcome = sim.run({}, (kind, id) => {
      seen.push([sim.nowMs, kind, id]);
      if (kind === 2) sim.schedule(5, 4, 1);
    });
    expect(seen).toEqual([
      [10, 2, -8],
      [15, 4, 1],
      [30, 1, 7],
      [30, 3, 0],
    ]);
    expect(outcome).toEqual({ events: 4, endedAtMs: 30, because: "nothing is left to happen" });
  });

  test("ends at a moment with all that was due by then, and goes on from there", () => {
    const sim = createSimulation({ seed: 1 });
    const seen: number[] = [];
    for (const delayMs of [1, 2, 3, Number.POSITIVE_INFINITY]) sim.schedule(delayMs, delayMs === 2 ? 1 : 0);
    const note = () => seen.push(sim.nowMs);
    expect(sim.run({ untilMs: 2 }, note)).toEqual({ events: 2, endedAtMs: 2, because: "time is up" });
    expect(sim.run({ untilMs: 2.5 }, note)).toEqual({ events: 0, endedAtMs: 2.5, because: "time is up" });
    expect(sim.nowMs).toBe(2.5);
    expect(sim.run({}, note).because).toBe("nothing is left to happen");
    expect(seen).toEqual([1, 2, 3]);
    // What never happens is still to come.
    expect(sim.pending()).toBe(1);
  });

  test("ends when the model says so, and after so many events", () => {
    const sim = createSimulation({ seed: 1 });
    const again = (kind: number) => sim.schedule(1, kind);
    sim.schedule(1, 0);
    expect(sim.run({ eventsMax: 25_000 }, again)).toEqual({
      events: 25_000,
      endedAtMs: 25_000,
      because: "events are used up",
    });
    const stopAt = 25_010;
    const outcome = sim.run({}, (kind) => {
      again(kind);
      if (sim.nowMs === stopAt) sim.stop();
    });
    expect(outcome).toEqual({ events: 10, endedAtMs: stopAt, because: "the model stopped it" });
    expect(sim.run({ untilMs: stopAt + 1 }, again).events).toBe(1);
  });

  test("leaves the simulation usable when the model throws", () => {
    const sim = createSimulation({ seed: 1 });
    sim.schedule(1, 0);
    sim.schedule(2, 1);
    expect(() =>
      sim.run({}, () => {
        throw new Error("the model's own");
      }),
    ).toThrow("the model's own");
    expect(sim.run({}, nothing).events).toBe(1);
  });

  test("forgets in the statistics what happened before the end of the warm-up", () => {
    const sim = createSimulation({ seed: 1 });
    const level = sim.level();
    const values = sim.values();
    const durations = sim.durations();
    const station = sim.station(1);
    for (const atMs of [5, 10, 20]) sim.schedule(atMs, 0, atMs);
    sim.run({ warmupMs: 10, untilMs: 30 }, (_, id) => {
      level.add(id === 20 ? -1 : 2);
      values.record(id);
      durations.record(id);
      station.enter(id);
    });
    // 4 from 10 to 20 ms, then 3.
    expect(level.mean()).toBe(3.5);
    expect([level.value(), level.max()]).toEqual([3, 4]);
    expect([values.count, values.mean, values.min, values.max]).toEqual([1, 20, 20, 20]);
    expect(durations.count()).toBe(1);
    expect(durations.percentileMs(50)).toBeCloseTo(20, 1);
    expect(station.busy.mean()).toBe(1);
    expect(station.waiting.mean()).toBe(1.5);
  });
});

describe("a cancelled event", () => {
  test("never happens, and cancelling tells whether there was something to cancel", () => {
    const sim = createSimulation({ seed: 1 });
    const first = sim.scheduleCancellable(1, 0, 1);
    const second = sim.scheduleCancellable(2, 0, 2);
    expect(sim.cancel(second)).toBe(true);
    expect(sim.cancel(second)).toBe(false);
    const seen: number[] = [];
    sim.run({}, (_, id) => seen.push(id));
    expect(seen).toEqual([1]);
    expect(sim.cancel(first)).toBe(false);
  });
});

describe("chance", () => {
  const law: Law = { kind: "exponential", mean: 2 };
  const drawn = (sim: Simulation, name: string, count: number) => {
    const next = sim.draws(name, law);
    return Array.from({ length: count }, next);
  };

  test("is the same for the same seed and name, another for another, whatever else is drawn", () => {
    const plain = drawn(createSimulation({ seed: 5 }), "a", 3000);
    const beside = createSimulation({ seed: 5 });
    drawn(beside, "b", 10);
    expect(drawn(beside, "a", 3000)).toEqual(plain);
    expect(drawn(createSimulation({ seed: 6 }), "a", 3000)).not.toEqual(plain);
    expect(drawn(createSimulation({ seed: 5 }), "c", 3000)).not.toEqual(plain);
    const mean = plain.reduce((sum, value) => sum + value, 0) / plain.length;
    expect(mean).toBeGreaterThan(1.9);
    expect(mean).toBeLessThan(2.1);
  });

  test("turned round gives a long time where it gave a short one", () => {
    const plain = drawn(createSimulation({ seed: 5 }), "a", 100);
    const mirrored = drawn(createSimulation({ seed: 5, mirrored: true }), "a", 100);
    // u and 1 − u: the two exponentials of one draw satisfy e^(−x/2) + e^(−y/2) = 1.
    for (let i = 0; i < 100; i++) expect(Math.exp(-plain[i] / 2) + Math.exp(-mirrored[i] / 2)).toBeCloseTo(1, 6);
  });
});

test("values: mean and variance are those of the textbook", () => {
  const values = createSimulation({ seed: 1 }).values();
  expect(values.variance()).toBeNaN();
  for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) values.record(value);
  expect([values.count, values.mean, values.min, values.max]).toEqual([8, 5, 2, 9]);
  expect(values.variance()).toBeCloseTo(32 / 7, 12);
});

test("replications give the mean of each figure and an interval round it", () => {
  const seeds: number[] = [];
  const { half } = replicate({ seed: 3, replications: 4 }, (seed, n) => {
    seeds.push(seed);
    return { half: n / 2 };
  });
  expect(seeds[0]).toBe(3);
  expect(new Set(seeds).size).toBe(4);
  expect(half.value).toBe(0.75);
  // Student's t with 3 degrees of freedom: 3.182; standard deviation 0.6455 over √4.
  expect((half.interval?.high ?? 0) - 0.75).toBeCloseTo((3.18245 * 0.645497) / 2, 4);
});

describe("a model that asks for what cannot be is told what it gave and what was expected", () => {
  const told: [string, (sim: Simulation) => unknown, string][] = [
    ["a negative delay", (sim) => sim.schedule(-5, 2), "kind 2 at 10 ms: delayMs is -5; expected 0 or more"],
    ["a delay that is no number", (sim) => sim.schedule(Number.NaN, 2), "delayMs is NaN; expected 0 or more"],
    ["a kind too many", (sim) => sim.schedule(1, 65_536), "kind is 65536; expected a whole number, 0 to 65535"],
    ["half an id", (sim) => sim.scheduleCancellable(1, 0, 0.5), "id is 0.5; expected a whole number"],
    ["an unknown handle", (sim) => sim.cancel(17), "handle is 17; expected a handle of this simulation"],
    ["a handle never given", (sim) => sim.cancel(sim.scheduleCancellable(1, 0) + 1), "expected a handle"],
    ["a handle that is no number", (sim) => sim.cancel(Number.NaN), "handle is NaN"],
    ["an end in the past", (sim) => sim.run({ untilMs: 9 }, nothing), "untilMs is 9; expected a moment from 10 on"],
    ["a warm-up after the end", (sim) => sim.run({ untilMs: 20, warmupMs: 21 }, nothing), "a moment from 10 to 20"],
    ["no events at all", (sim) => sim.run({ eventsMax: 0 }, nothing), "eventsMax is 0; expected a whole number, 1 to"],
    ["a name twice", (sim) => [sim.uniforms("a"), sim.uniforms("a")], 'name is "a"; expected a name not used before'],
    ["a mean of 0", (sim) => sim.draws("b", { kind: "exponential", mean: 0 }), "expected an exponential mean above 0"],
    ["no servers", (sim) => sim.station(0), "servers is 0; expected a whole number, 1 to"],
    ["a leave before an enter", (sim) => sim.station(1).leave(), "in service is 0; expected 1 or more"],
    ["a customer below 0", (sim) => sim.station(1).enter(-1), "id is -1; expected a whole number, 0 to"],
    ["a length below 0", (sim) => sim.durations().record(-1), "lengthMs is -1; expected 0 or more"],
    ["a seed that is a fraction", () => createSimulation({ seed: 0.5 }), "seed is 0.5; expected a whole number"],
    ["one replication", () => replicate({ seed: 1, replications: 1 }, () => ({})), "replications is 1; expected"],
    [
      "a figure that is no number",
      () => replicate({ seed: 1, replications: 2 }, (_, n) => ({ wait: 1 / (1 - n) })),
      "wait of run 1 is Infinity; expected a finite number",
    ],
  ];
  test.each(told)("%s", (_, misuse, message) => {
    const sim = createSimulation({ seed: 1 });
    sim.run({ untilMs: 10 }, nothing);
    const error = { name: "InputError", message: expect.stringContaining(message) };
    expect(() => misuse(sim)).toThrow(expect.objectContaining(error));
  });

  test("a run inside a run", () => {
    const sim = createSimulation({ seed: 1 });
    sim.schedule(1, 0);
    expect(() => sim.run({}, () => sim.run({}, nothing))).toThrow("expected one run at a time");
  });
});
