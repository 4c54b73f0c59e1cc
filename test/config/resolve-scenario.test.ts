import { describe, expect, test } from "vitest";
import { parseScenario } from "../../config/parse-scenario.ts";
import { resolveScenario } from "../../config/resolve-scenario.ts";
import {
  defaultSettings,
  type PageSessionState,
  type Settings,
  UNLIMITED_SESSIONS,
} from "../../config/session-settings.ts";
import { formatTimeSpan, parseTimeSpanSeconds } from "../../config/time-span.ts";
import { scenarioOf } from "../scenario-of.ts";

function resolved(text: string, settings: Settings) {
  const workload = text.includes("workload:") ? "" : "workload: { arrivals: 1 }";
  const { value } = parseScenario(`name: x\n${workload}\n${text}`, "s.yaml", []);
  if (value === null || typeof value.workload === "string") throw new Error("a test scenario can be read");
  return resolveScenario({ file: value, workload: value.workload, settings, calibration: null });
}

const siteOf = (text: string, settings: Settings) => resolved(text, settings).site;

const written = <T>(value: T) => ({ value, written: String(value), origin: "web.config:3" });

describe("a site", () => {
  test("takes from the settings file what the scenario leaves open", () => {
    const settings = defaultSettings();
    const sessionState = { ...settings.sessionState, mode: written("SQLServer" as const), timeout: written(60) };
    const site = siteOf("", { ...settings, sessionState });
    expect(site).toMatchObject({ technology: "aspnet", mode: "SQLServer", timeoutMs: 3_600_000 });
    expect(siteOf("site: { timeoutMinutes: 5 }", { ...settings, sessionState })).toMatchObject({ timeoutMs: 300_000 });
  });
  test("whose settings speak of classic ASP alone is classic ASP, with its cap and time span", () => {
    const settings = defaultSettings();
    const aspSession = { ...settings.aspSession, max: written(1000), timeout: written("00:10:00") };
    expect(siteOf("", { ...settings, aspSession })).toMatchObject({
      technology: "asp",
      mode: "InProc",
      sessionsMax: 1000,
      timeoutMs: 600_000,
      expirySweepMs: 60_000,
    });
    const off = { ...aspSession, allowSessionState: written(false) };
    expect(siteOf("", { ...settings, aspSession: off }).mode).toBe("Off");
  });
  test("in ASP.NET has no cap unless the scenario sets one, and an infinite timeout is none", () => {
    const settings = defaultSettings();
    const sessionState = { ...settings.sessionState, timeout: written("Infinite" as const) };
    const site = siteOf("", { ...settings, sessionState });
    expect([site.sessionsMax, site.timeoutMs]).toEqual([UNLIMITED_SESSIONS, null]);
  });
});

describe("a page that does not say what it does with the session", () => {
  const pagesOf = (enableSessionState: PageSessionState, text = "") => {
    const settings = defaultSettings();
    const load = { ...settings.load, enableSessionState: written(enableSessionState) };
    const { workload } = resolved(text, { ...settings, load });
    return workload.pages.map((page) => page.session);
  };
  test.each([
    ["true", "read-write"],
    ["ReadOnly", "read-only"],
    ["false", "none"],
  ] as const)("does what <pages enableSessionState=%j> says: %s", (enableSessionState, session) => {
    expect(pagesOf(enableSessionState)).toEqual([session]);
  });
  test("is read-write in classic ASP, which does not know that section", () => {
    expect(pagesOf("false", "site: { technology: asp }")).toEqual(["read-write"]);
  });
  test("leaves those that do say as they are", () => {
    const pages =
      "workload: { arrivals: 1, pages: [{ name: a, share: 1 }, { name: b, share: 1, session: read-write }] }";
    expect(pagesOf("ReadOnly", pages)).toEqual(["read-only", "read-write"]);
  });
});

test("seconds and minutes of the file become milliseconds, once", () => {
  const { workload, run, site } = scenarioOf(`
site: { timeoutMinutes: 20, expirySweepSeconds: 5, recycleEveryMinutes: 2 }
workload:
  arrivals: { kind: burst, perSecond: 1, burstPerSecond: 9, burstAtMinutes: 1, burstMinutes: 2 }
  thinkSeconds: { kind: pareto, min: 2, shape: 3, max: 60 }
  whenRefused: { kind: retry, afterSeconds: 4, attemptsMax: 1 }
run: { durationMinutes: 4, warmupMinutes: 1 }`);
  expect(workload.arrivals).toMatchObject({ burstAtMs: 60_000, burstMs: 120_000, perSecond: 1 });
  expect(workload.thinkMs).toEqual({ kind: "pareto", min: 2000, shape: 3, max: 60_000 });
  expect(workload.whenRefused).toMatchObject({ afterMs: { kind: "constant", value: 4000 } });
  expect(run).toMatchObject({ durationMs: 240_000, warmupMs: 60_000, sampleMs: 1000 });
  expect(site).toMatchObject({ timeoutMs: 1_200_000, expirySweepMs: 5000, recycleEveryMs: 120_000 });
});

test("a population is chosen from evenly unless the scenario says otherwise, and then as skewed as in YCSB", () => {
  const populationOf = (population: string) => scenarioOf(`workload: { arrivals: 1${population} }`).workload.population;
  expect(populationOf("")).toBeUndefined();
  expect(populationOf(", population: { sessions: 5 }")).toEqual({ sessions: 5, choice: { kind: "uniform" } });
  expect(populationOf(", population: { sessions: 5, choice: { kind: zipfian } }")?.choice).toEqual({
    kind: "zipfian",
    theta: 0.99,
  });
  expect(() => populationOf(", population: { sessions: 0, choice: { kind: zipfian, theta: 1 } }")).toThrow(/theta/);
});

test("time spans read as they are written, days and all; others are not numbers", () => {
  for (const text of ["00:20:00", "23:59:59", "365.00:00:00", "1.02:03:04"]) {
    expect(formatTimeSpan(parseTimeSpanSeconds(text))).toBe(text);
  }
  for (const text of ["20", "24:00:00", "00:60:00", "-00:20:00", "00:20", ""]) {
    expect(parseTimeSpanSeconds(text)).toBeNaN();
  }
});

test("faults strike in scenario time and last in real time, as long as their defaults say unless told otherwise", () => {
  const faultsOf = (faults: string) =>
    scenarioOf(`workload: { arrivals: 1 }\nrun: { timeScale: 60 }\nfaults: [${faults}]`).faults;
  expect(
    faultsOf(`{ kind: kill-store, atMinutes: 1 }, { kind: pause-worker, atMinutes: 2 }, { kind: slow-store, atMinutes: 3 },
      { kind: cut-store, atMinutes: 4 }, { kind: cut-store, atMinutes: 5, forSeconds: 12, silent: true }`),
  ).toEqual([
    { kind: "kill-store", atMs: 60_000, downMs: 1_000 },
    { kind: "pause-worker", atMs: 120_000, forMs: 2_000 },
    { kind: "slow-store", atMs: 180_000, forMs: 2_000, delayMs: 50 },
    { kind: "cut-store", atMs: 240_000, forMs: 2_000, silent: false },
    { kind: "cut-store", atMs: 300_000, forMs: 12_000, silent: true },
  ]);
  expect(() => faultsOf("{ kind: pause-store, atMinutes: 1, forSeconds: 0 }")).toThrow(/forSeconds/);
  expect(() => faultsOf("{ kind: slow-store, atMinutes: 1, delayMs: 70000 }")).toThrow(/delayMs/);
  expect(() => faultsOf("{ kind: kill-store, atMinutes: 1, forSeconds: 3 }")).toThrow(/forSeconds/);
});
