import { describe, expect, test } from "vitest";
import { hostSettings, refuseUndrivable } from "../../../bench/host/host-settings.ts";
import { InputError } from "../../../config/problem.ts";
import { smallScenario } from "../small-scenario.ts";

const TIMEOUT_MS = 1_200_000;

function problemsOf(changes: Parameters<typeof smallScenario>[0]) {
  try {
    refuseUndrivable(smallScenario(changes));
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map((problem) => `${problem.at} is ${problem.given}`);
  }
}

describe("what a bench cannot drive is refused, all at once", () => {
  test.each<[string, Parameters<typeof smallScenario>[0], string[]]>([
    ["nothing, in process", {}, []],
    [
      "nothing, out of process",
      { site: { mode: "StateServer", timeoutMs: TIMEOUT_MS }, store: { provider: "state-server" } },
      [],
    ],
    ["several workers", { site: { servers: 2, workersPerServer: 3 } }, ["site.servers × site.workersPerServer is 6"]],
    [
      "a store that keeps no sessions of the mode",
      { site: { mode: "SQLServer", timeoutMs: TIMEOUT_MS }, store: { provider: "redis" } },
      ["store.provider is redis"],
    ],
    [
      "a timeout of twenty seconds and a cap, out of process",
      { site: { mode: "StateServer", timeoutMs: 20_000, sessionsMax: 5 }, store: { provider: "state-server" } },
      ["site.timeoutMinutes is 0.3333333333333333", "site.sessionsMax is 5"],
    ],
    [
      "no timeout at all, out of process",
      { site: { mode: "SQLServer", timeoutMs: null }, store: { provider: "mariadb" } },
      ["site.timeoutMinutes is Infinite"],
    ],
    [
      "a session that is a cookie, for clients without",
      {
        site: { mode: "Custom", timeoutMs: TIMEOUT_MS, cookieless: "AutoDetect" },
        store: { provider: "sealed-cookie" },
      },
      ["site.cookieless is AutoDetect"],
    ],
    ["nothing, a cookie with a blank in its name", { site: { cookieName: "My Session" } }, []],
    ...["", " id", "id ", "a=b", "a;b", "a\r\nSet-Cookie: b", "séance"].map(
      (cookieName): [string, Parameters<typeof smallScenario>[0], string[]] => [
        `a cookie called ${JSON.stringify(cookieName)}`,
        { site: { cookieName } },
        [`<sessionState> cookieName is ${JSON.stringify(cookieName)}`],
      ],
    ),
    [
      "the death of a store that is the worker itself",
      { faults: [{ kind: "kill-store", atMs: 1, downMs: 0 }] },
      ["faults is kill-store in mode InProc"],
    ],
  ])("%s", (_, changes, expected) => {
    expect(problemsOf(changes)).toEqual(expected);
  });
});

test("scenario times are compressed once, minutes with them, and the work of a request is not", () => {
  const site = { mode: "Custom", timeoutMs: TIMEOUT_MS } as const;
  const settings = hostSettings(
    smallScenario({ site, store: { provider: "redis" }, run: { timeScale: 10 } }),
    ["a"],
    null,
  );
  expect(settings).toMatchObject({ timeoutMs: 120_000, expirySweepMs: 400, expirySlideMinMs: 20 });
  expect(settings.store).toMatchObject({ provider: "redis", connections: ["a"], options: { minuteMs: 6_000 } });
  expect(settings).toMatchObject({ lockPollMs: 500, executionTimeoutMs: 110_000 });
  expect(settings.store?.options).toMatchObject({ networkTimeoutMs: 10_000, executionTimeoutMs: 110_000 });
});

test("without sessions there is no store, and a worker of mode InProc keeps them itself whatever the scenario names", () => {
  expect(hostSettings(smallScenario({ site: { mode: "Off" } }), [], null).store).toBeNull();
  const named = hostSettings(smallScenario({ store: { provider: "redis" } }), [], null);
  expect(named.store?.provider).toBe("in-proc");
});
