import { describe, expect, test } from "vitest";
import { runSaturation } from "../../../../bench/drivers/saturation/saturation.ts";
import { descendantsOf } from "../../../../bench/servers/process-end.ts";
import { InputError } from "../../../../config/problem.ts";
import type { Scenario } from "../../../../config/scenario.ts";
import type { SaturationStudy } from "../../../../metrics/study.ts";
import { benchOptions } from "../../bench-options.ts";
import { type Changes, smallScenario } from "../../small-scenario.ts";

const shape = { warmupMs: 100, rounds: 3, roundMs: 150 };

/** Without visitors who take no cookies: each of their requests would start a session. */
function scenario(changes: Changes = {}): Scenario {
  return smallScenario({ ...changes, workload: { withoutCookiesShare: 0, ...changes.workload } });
}

const options = (changes: Parameters<typeof benchOptions>[0] = {}) =>
  benchOptions({ driver: "saturation", concurrency: [4], ...changes });

describe("the saturation driver", () => {
  test("each connection is one visitor with one session, and every request is accounted for", async () => {
    const result = await runSaturation(scenario(), options(), shape);
    const { counters, complete, figures } = result;
    const study = result.study as SaturationStudy;
    expect(complete).toBe(true);
    expect(counters).toMatchObject({ visits: 4, arrivals: 4, started: 4, stored: 4, failed: 0, failures: {} });
    expect(counters.requests).toBe(counters.completed);
    expect(study).toMatchObject({ kind: "saturation", connections: 4 });
    expect(study.roundsRequestsPerSecond).toHaveLength(3);
    const { value, interval } = study.requestsPerSecond;
    expect(interval?.low).toBeLessThan(value);
    expect(figures.find(({ key }) => key === "saturationRequestsPerSecond")?.value).toBe(value);
    expect(result.audit.generator?.busyShare).toBe(study.generatorBusyShare);
    expect(study.hostBusyShare).toBeGreaterThan(0);
    expect(result.targets).toEqual([]);
  });

  test("several threads share the connections out, and their visitors are different people; faults are left out", async () => {
    const faults = [{ kind: "recycle", atMs: 1_000 }] as const;
    const asked = options({ generators: 3, concurrency: [5] });
    const { counters, audit } = await runSaturation(scenario({ faults }), asked, shape);
    expect(counters).toMatchObject({ visits: 5, started: 5, stored: 5, failed: 0, recycles: 0 });
    expect(audit.findings.join()).toContain("did not strike");
  });

  test.each(["UseUri", "AutoDetect", "UseDeviceProfile"] as const)(
    "a site that is %s is signed in to as by a browser",
    async (cookieless) => {
      const { counters } = await runSaturation(scenario({ site: { cookieless } }), options(), shape);
      expect(counters).toMatchObject({ started: 4, stored: 4, failed: 0 });
      expect(counters.completed).toBeGreaterThan(4);
    },
  );

  test("a site over TLS is driven as well", async () => {
    const { counters } = await runSaturation(scenario({ site: { https: true } }), options(), shape);
    expect(counters).toMatchObject({ started: 4, failed: 0 });
    expect(counters.completed).toBeGreaterThan(4);
  });

  test("pages that wait set the pace, however fast the machine is", async () => {
    const wait = { kind: "constant", value: 400 } as const;
    const none = { kind: "constant", value: 0 } as const;
    const pages = [
      { name: "slow", share: 1, session: "read-write", changedShare: 1, cpuMs: none, waitMs: wait },
    ] as const;
    const { study, counters } = await runSaturation(scenario({ workload: { pages } }), options(), {
      ...shape,
      rounds: 8,
    });
    // Four connections, 400 ms a page: ten a second.
    expect((study as SaturationStudy).requestsPerSecond.value).toBeLessThan(14);
    expect(counters.failed).toBe(0);
  });

  test("a site that lets everybody in and then answers nobody has no throughput, and the run is invalid", async () => {
    const none = { kind: "constant", value: 0 } as const;
    const wait = { kind: "constant", value: 60_000 } as const;
    const pages = [
      { name: "hangs", share: 1, session: "read-write", changedShare: 1, cpuMs: none, waitMs: wait },
    ] as const;
    const { study, audit, counters } = await runSaturation(scenario({ workload: { pages } }), options(), shape);
    expect(counters.completed).toBe(4);
    expect((study as SaturationStudy).roundsRequestsPerSecond).toEqual([0, 0, 0]);
    expect(audit).toMatchObject({ verdict: "invalid" });
    expect(audit.findings[0]).toContain("Not one request was completed under load");
  });

  test("visitors whom the cap refuses are told of and are not throughput", async () => {
    const { counters, audit } = await runSaturation(scenario({ site: { sessionsMax: 3 } }), options(), shape);
    expect(counters).toMatchObject({ started: 3, stored: 3, failed: 0 });
    expect(counters.refused).toBeGreaterThan(0);
    // What was under way when the load ended was refused, and nobody heard it.
    const heard = counters.requests - counters.completed;
    expect(heard).toBeGreaterThan(counters.refused - 5);
    expect(heard).toBeLessThanOrEqual(counters.refused);
    expect(audit.findings.join()).toContain("The cap refused a session");
  });

  test("an interrupt keeps the rounds that were whole and leaves no process", async () => {
    const before = descendantsOf(process.pid);
    const interrupt = new AbortController();
    const onProgress = ({ note }: { note: string }) => {
      if (note.startsWith("round 2")) interrupt.abort();
    };
    const result = await runSaturation(scenario(), options({ signal: interrupt.signal, onProgress }), {
      ...shape,
      rounds: 50,
    });
    expect(result.complete).toBe(false);
    expect((result.study as SaturationStudy).roundsRequestsPerSecond).toHaveLength(2);
    expect(result.audit.findings.join()).toContain("cut short");
    expect(descendantsOf(process.pid)).toEqual(before);
  });

  test("without HTTP there is nothing to saturate", async () => {
    await expect(runSaturation(scenario(), options({ through: "provider" }))).rejects.toThrow(InputError);
  });
});
