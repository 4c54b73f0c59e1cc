import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
const examples = readdirSync(folder).filter((name) => name.endsWith(".ts"));

test("there are three examples, none above 80 lines", () => {
  expect(examples).toEqual(["login-farm.ts", "machine-repair.ts", "mm1.ts"]);
  for (const name of examples) expect(readFileSync(folder + name, "utf8").split("\n").length).toBeLessThanOrEqual(81);
});

for (const name of examples) {
  test(`examples/${name} prints what is kept beside it, to the byte, and its intervals hold the closed forms`, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [folder + name], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe(readFileSync(folder + name.replace(/ts$/, "txt"), "utf8"));
    const rows = [...stdout.matchAll(/([\d.]+) +([\d.]+) {3}([\d.]+) to ([\d.]+)$/gm)].map((row) => row.map(Number));
    expect(rows.length).toBeGreaterThan(1);
    for (const [, exact, mean, low, high] of rows) {
      expect(mean).toBeGreaterThan(low);
      expect(mean).toBeLessThan(high);
      expect(exact).toBeGreaterThanOrEqual(low);
      expect(exact).toBeLessThanOrEqual(high);
    }
  }, 60_000);
}
