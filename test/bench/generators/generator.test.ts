import { describe, expect, test } from "vitest";
import { type GeneratorHealth, worstOf } from "../../../bench/generators/generator.ts";
import { createPortRelay } from "../../../bench/generators/port-relay.ts";

const well: GeneratorHealth = {
  busyShare: 0.2,
  loopDelayP99Ms: 1,
  startLagP50Ms: 0.01,
  startLagP99Ms: 0.5,
  startLagMaxMs: 4,
  lateShare: 0,
};

describe("the health of several generators", () => {
  test("is in each figure that of the one which did worst", () => {
    const busy = { ...well, busyShare: 0.9 };
    const late = { ...well, startLagP99Ms: 70, startLagMaxMs: 90, lateShare: 0.3 };
    expect(worstOf([well, busy, late])).toEqual({ ...late, busyShare: 0.9 });
  });

  test("leaves out what one of them could not know, and knows nothing of none", () => {
    const idle = { ...well, loopDelayP99Ms: null, startLagP50Ms: null, startLagP99Ms: null, startLagMaxMs: null };
    expect(worstOf([idle, well])).toEqual(well);
    expect(worstOf([])).toMatchObject({ busyShare: 0, startLagP99Ms: null, lateShare: 0 });
  });
});

describe("the port of the worker", () => {
  test("is waited for by all who ask while there is none, and known at once by who asks later", async () => {
    const relay = createPortRelay();
    const [first, second] = [relay.port(), relay.port()];
    relay.set(8080);
    expect(await Promise.all([first, second])).toEqual([8080, 8080]);
    expect(relay.port()).toBe(8080);
  });

  test("is another one after a while without", async () => {
    const relay = createPortRelay();
    relay.set(8080);
    relay.set(null);
    const waiting = relay.port();
    relay.set(null);
    relay.set(8081);
    expect(await waiting).toBe(8081);
    expect(relay.port()).toBe(8081);
  });
});
