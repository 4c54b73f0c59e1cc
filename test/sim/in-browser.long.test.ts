// The pure rooms in a browser: bundled as they are, run in Chromium, and compared to the byte with Node. Another engine with other
// libraries below it is as good as another machine.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Scenario } from "../../config/scenario.ts";
import { scenarioOf } from "../scenario-of.ts";
import { answersTo } from "./pure-rooms.ts";

const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const scenarioWith = (run: string, site: string) =>
  scenarioOf(`
site: { timeoutMinutes: 5, sessionsMax: 900, ${site} }
workload:
  arrivals: 2
  requestsPerVisit: { kind: geometric, mean: 4 }
  thinkSeconds: { kind: lognormal, mean: 40, sigma: 1.5 }
  stateBytes: { kind: pareto, min: 500, shape: 1.7, max: 100000 }
  parallel: { share: 0.2, requests: 2 }
run: { durationMinutes: 20, warmupMinutes: 8, replications: 2, seed: 3, ${run} }`);

const scenarios = [
  {
    ...scenarioWith("fidelity: requests, timeScale: 10", "mode: SQLServer"),
    targets: [{ figure: "responseP99Ms", atMost: 900 }],
  },
  scenarioWith("fidelity: requests, timeScale: 10", "mode: InProc"),
  scenarioWith("fidelity: population, antithetic: true", "mode: InProc"),
  scenarioOf(`
workload: { arrivals: { kind: profile, perHour: [3000, 9000] }, thinkSeconds: { kind: exponential, mean: 40 } }
run: { fidelity: population, durationMinutes: 75, warmupMinutes: 10, replications: 2, seed: 4 }`),
];

async function bundled(file: string): Promise<string> {
  const bundle = await rolldown({ input: fileOf(file), platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife", name: "bundle" });
  await bundle.close();
  return output[0].code;
}

describe.skipIf(!existsSync(executablePath))(`in ${executablePath} (skipped where it is absent)`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: flags });
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  test("simulations in either fidelity, pairs of them and all closed forms give the same bytes as here", async () => {
    await page.addScriptTag({ content: `${await bundled("pure-rooms.ts")};globalThis.rooms = bundle;` });
    const there = await page.evaluate((asked) => {
      const { rooms } = globalThis as unknown as { rooms: { answersTo(scenarios: readonly Scenario[]): string } };
      return rooms.answersTo(asked);
    }, scenarios);
    expect(there.length).toBeGreaterThan(40_000);
    expect(there).toBe(answersTo(scenarios));
  });

  test("the model of examples/machine-repair.ts prints what it prints here", async () => {
    const printed: string[] = [];
    page.on("console", (message) => printed.push(message.text()));
    await page.addScriptTag({ content: await bundled("../../examples/machine-repair.ts") });
    const here = readFileSync(fileOf("../../examples/machine-repair.txt"), "utf8");
    await expect.poll(() => `${printed.join("\n")}\n`, { timeout: 10_000 }).toBe(here);
  });
});
