import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseResult } from "../../reports/result-file.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { temporaryFolder } from "../bench/temporary-folder.ts";

const program = path.join(import.meta.dirname, "../../proof/bench-engine.ts");

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("a short bench leaves a result that is valid and can be rendered", async () => {
  const out = await temporaryFolder();
  const cases = "w1,w2,w2-inproc,js-simulator";
  const ran = bench("--rounds", "1", "--hours", "0.02", "--cases", cases, "--json", "--out", out, "--quiet");
  expect(ran.stderr).toBe(`${path.join(out, "report.html")}\n`);
  expect(ran.status).toBe(0);
  const file = path.join(out, "result.json");
  const result = parseResult(readFileSync(file, "utf8"), file);
  expect(ran.stdout).toBe(readFileSync(file, "utf8"));
  expect(result).toMatchObject({ kind: "measured", driver: "engine", complete: true, targets: [] });
  if (result.study?.kind !== "engine") throw new Error("an engine study was measured");
  expect(result.study.cases.map(({ name }) => name)).toEqual(cases.split(","));
  for (const one of result.study.cases) {
    expect(one.eventsPerSecond.value).toBeGreaterThan(one.wholeEventsPerSecond.value);
    expect(one.rssMaxBytes).toBeGreaterThan(10e6);
  }
  const text = renderTerminal([result], { color: false, columns: 200 });
  expect(text).toMatch(/W2 in js-simulator 1\.0\.17 +\d/);
  expect(readFileSync(path.join(out, "report.html"), "utf8")).toContain("The engine beside others");
});

test.each([
  [["--cases", "w2,w3"], /--cases is "w3"; expected w1, w2/],
  [["--rounds", "0"], /--rounds is "0"; expected a whole number from 1 to 100/],
  [["--hours", "-1"], /--hours is "-1"; expected a number above 0/],
  [["--speed", "9"], /unknown option '--speed'/],
  [["--cases", "w1", "--hours", "0.01", "--out", `${program}/below`], /Cannot write the report/],
])("%s is refused with exit code 2", (args, says) => {
  const { status, stderr, stdout } = bench(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(says);
  expect(stdout).toBe("");
});
