import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-rare-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, fidelity: string): string {
  const file = path.join(folder, name);
  const text = `name: rare
site: { timeoutMinutes: 20, sessionsMax: 60 }
workload:
  arrivals: 0.02
  requestsPerVisit: { kind: geometric, mean: 10 }
  thinkSeconds: { kind: exponential, mean: 30 }
run: { fidelity: ${fidelity}, durationMinutes: 300, warmupMinutes: 180, replications: 1 }
targets: [{ figure: refusedShare, atMost: 1e-9 }]`;
  writeFileSync(file, text);
  return file;
}

describe("sessionlab simulate --rare", () => {
  test("judges a target by a share that no plain run sees", () => {
    const file = fileOf("rare.yaml", "population");
    expect(runCli(["simulate", file, "--quiet"]).exitCode).toBe(0);
    const { stdout, exitCode } = runCli(["simulate", file, "--rare", "--precision", "refusedShare=20%", "--json"]);
    expect(exitCode).toBe(1);
    const { figures, targets, precision, measured, complete } = JSON.parse(stdout);
    const figure = figures.find(({ key }: { key: string }) => key === "refusedShare");
    expect(measured.refused).toBe(0);
    expect(figure.value).toBeGreaterThan(1e-9);
    expect(figure.value).toBeLessThan(1e-4);
    expect(figure.interval.method).toContain("importance sampling");
    expect(targets[0]).toMatchObject({ value: figure.value, met: false });
    expect(precision[0]).toMatchObject({ figure: "refusedShare", asked: 0.2 });
    expect(complete).toBe(true);
  });

  test("says what stands in the way of an estimate", () => {
    const { stderr, exitCode } = runCli(["simulate", fileOf("requests.yaml", "requests"), "--rare"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("run.fidelity is requests; expected population");
  });
});
