// The pure rooms in a browser: bundled as they are, run in Chromium, and compared to the byte with Node. Another engine with other
// libraries below it is as good as another machine.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../config/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const scenario = scenarioOf(`
site: { mode: SQLServer, timeoutMinutes: 5, sessionsMax: 900 }
workload:
  arrivals: 2
  requestsPerVisit: { kind: geometric, mean: 4 }
  thinkSeconds: { kind: lognormal, mean: 40, sigma: 1.5 }
  stateBytes: { kind: pareto, min: 500, shape: 1.7, max: 100000 }
  parallel: { share: 0.2, requests: 2 }
run: { durationMinutes: 40, warmupMinutes: 15, replications: 2, seed: 3, timeScale: 10 }
targets: [{ figure: responseP99Ms, atMost: 900 }]`);

async function bundled(): Promise<string> {
  const input = fileURLToPath(new URL("../../sim/simulate.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife", name: "sim" });
  await bundle.close();
  return output[0].code;
}

describe.skipIf(!existsSync(executablePath))(`in ${executablePath} (skipped where it is absent)`, () => {
  test("a simulation gives the same bytes as here", async () => {
    const browser = await chromium.launch({ executablePath, args: flags });
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: `${await bundled()};globalThis.sim = sim;` });
      const there = await page.evaluate((asked) => {
        const { sim } = globalThis as unknown as { sim: { simulate(scenario: Scenario): unknown } };
        return JSON.stringify(sim.simulate(asked));
      }, scenario);
      expect(there.length).toBeGreaterThan(10_000);
      expect(there).toBe(JSON.stringify(simulate(scenario)));
    } finally {
      await browser.close();
    }
  });
});
