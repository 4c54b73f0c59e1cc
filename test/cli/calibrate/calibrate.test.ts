import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { calibrationDocument, roundedCalibration } from "../../../cli/calibrate/calibration-document.ts";
import { builtInCalibration } from "../../../config/built-in-calibration.ts";
import { parseCalibration } from "../../../config/calibration.ts";
import type { Calibration } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { stringifyResult } from "../../../reports/result-file.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { runHere } from "../run-here.ts";

const logs = fileURLToPath(new URL("../../../../shared/data/logs/", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "sessionlab-calibrate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

const result = (name: string, changes: Partial<RunResult> = {}): string =>
  file(name, stringifyResult({ ...makeResult({ kind: "measured", seriesPoints: 30 }), ...changes }));

/** Half a page a second for half an hour, 5 to 44 ms each. */
function iisLog(fields = "date time cs-method cs-uri-stem sc-status time-taken", remark = ""): string {
  const rows = Array.from({ length: 900 }, (_, i) => {
    const time = new Date(Date.UTC(2026, 0, 5, 9, 0, i * 2)).toISOString();
    const values = [time.slice(0, 10), time.slice(11, 19), "GET", "/page.aspx", "200", String(5 + ((i * 17) % 40))];
    return values.slice(0, fields.split(" ").length).join(" ");
  });
  return [
    "#Software: Microsoft Internet Information Services 10.0",
    ...(remark === "" ? [] : [remark]),
    `#Fields: ${fields}`,
    ...rows,
    "",
  ].join("\r\n");
}

const calibrate = (...args: string[]) => runHere(["calibrate", ...args]);

describe("a calibration file", () => {
  const laws = { kind: "empirical", quantiles: Array.from({ length: 101 }, (_, i) => i * 1.234_567_89) } as const;
  const machine = {
    cpu: "AMD: EPYC # 1",
    cores: 2,
    platform: "linux",
    node: "v24",
    store: null,
    sessionlab: "0.1",
    measuredOn: "2026-11-21",
  };
  const cases: readonly Calibration[] = [
    builtInCalibration("InProc"),
    builtInCalibration("SQLServer"),
    {
      ...builtInCalibration("StateServer"),
      provider: "redis",
      machine,
      requestCpuMs: laws,
      clientRoundTripMs: { kind: "lognormal", mean: 1 / 3, sigma: 0.5, max: 100 },
      intervals: { "memory.bytesPerSession": { low: 1 / 7, high: 2 }, "requestCpuMs.mean": { low: 1, high: 2 } },
      evidence: 'Measured: 50 % of it, "so to say"\nin # two lines',
    },
  ];

  test.each(cases.map((calibration) => [calibration.name, calibration] as const))(
    "%s reads back as it was written",
    (_, one) => {
      const rounded = roundedCalibration(one);
      const text = calibrationDocument(rounded, "sessionlab calibrate --provider redis\n# --out x");
      const parsed = parseCalibration(text, "x.yaml");
      expect(parsed.problems).toEqual([]);
      expect(parsed.value).toEqual(rounded);
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(130);
    },
  );
});

describe("fitted from a log", () => {
  test("is written whole, in the shape that a scenario takes, and never over a file that is there", async () => {
    const log = file("u_ex.log.gz", gzipSync(iisLog()));
    const out = path.join(folder, "site.calibration.yaml");
    const first = await calibrate("--from", log, "--out", out, "--quiet");
    expect(first.stderr).toBe("");
    expect(first.exitCode).toBe(0);
    const text = readFileSync(out, "utf8");
    const { value } = parseCalibration(text, out);
    expect(value?.measured).toBe(true);
    expect(value?.evidence).toContain("900 pages");
    expect(first.stdout).toContain(`Calibration file: ${out}`);
    const second = await calibrate("--from", log, "--out", out, "--quiet");
    expect([second.exitCode, readFileSync(out, "utf8")]).toEqual([2, text]);
    expect(second.stderr).toContain("--force");
    expect((await calibrate("--from", log, "--out", out, "--quiet", "--force")).exitCode).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("goes into a folder under the name of its provider", async () => {
    const into = path.join(folder, "into");
    mkdirSync(into);
    const run = await calibrate(
      "--from",
      file("u_ex2.log", iisLog()),
      "--provider",
      "in-proc",
      "--out",
      into,
      "--quiet",
    );
    expect(run.exitCode).toBe(0);
    expect(readdirSync(into)).toEqual(["in-proc.calibration.yaml"]);
  });

  test("of a bench knows how many times faster its hours were lived", async () => {
    const remark =
      "#Remark: written by sessionlab bench; date and time are scenario time from a fixed start, 2000 times real time; time-taken is real milliseconds";
    const busy = await calibrate("--from", file("u_ex3.log", iisLog(undefined, remark)), "--json", "--quiet");
    const calm = await calibrate("--from", file("u_ex4.log", iisLog()), "--json", "--quiet");
    expect((JSON.parse(busy.stdout) as Calibration).evidence).toContain("no quiet stretches");
    expect((JSON.parse(calm.stdout) as Calibration).evidence).not.toContain("no quiet stretches");
  });
});

describe.skipIf(!existsSync(logs))(`the real logs of ${logs}`, () => {
  test("a small public site: 690 pages, whose times do not grow with so few visitors", async () => {
    const run = await calibrate("--from", path.join(logs, "iis-w3c-2010.log.gz"), "--json", "--quiet");
    const { evidence, measured } = JSON.parse(run.stdout) as Calibration;
    expect([run.exitCode, measured]).toEqual([0, true]);
    expect(evidence).toContain("690 pages");
    expect(evidence).toContain("cannot be told");
  });

  test("a log without the time taken is refused with what to do about it", async () => {
    const run = await calibrate("--from", path.join(logs, "apache-combined.log.gz"), "--quiet");
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("tick Time Taken");
  });
});

describe("is refused, with nothing written, for", () => {
  const none = makeResult({ kind: "measured", seriesPoints: 30 });
  const cases: readonly (readonly [string, () => readonly string[], string])[] = [
    ["a simulated result", () => [result("simulated.json", { kind: "simulated" })], "would give back the calibration"],
    ["a result that was cut short", () => [result("cut.json", { complete: false })], "a run to its end"],
    [
      "an invalid result",
      () => [result("invalid.json", { audit: { ...none.audit, verdict: "invalid", findings: ["the host died"] } })],
      "the host died",
    ],
    ["a study without visits", () => [result("memory.json", { driver: "memory" })], "an experiment has no visits"],
    [
      "a result of another schema",
      () => [file("old.json", JSON.stringify({ ...none, schema: "sessionlab.run-result/9" }))],
      "use the version of sessionlab that wrote it",
    ],
    [
      "results of different providers",
      () => [
        result("a.json"),
        result("b.json", {
          store: "x",
          scenario: {
            ...none.scenario,
            site: { ...none.scenario.site, mode: "StateServer" },
            store: { ...none.scenario.store, provider: "state-server" },
          },
        }),
      ],
      "results of one provider",
    ],
    [
      "an outage in the result",
      () => [
        result("fault.json", {
          faults: [{ kind: "kill-store", atMs: 0, downMs: 1, recoveryMs: 1, sessionsLost: 0, failures: {} }],
        }),
      ],
      "--faults none",
    ],
    ["too few requests", () => [result("few.json", { histograms: {} })], "at least 200"],
    [
      "another provider than the result's",
      () => [result("c.json"), "--provider", "redis"],
      "in-proc, whose result it is",
    ],
    [
      "a log without time-taken",
      () => [file("no-time.log", iisLog("date time cs-method cs-uri-stem sc-status"))],
      "tick Time Taken",
    ],
    [
      "a log of headers alone",
      () => [file("heads.log", "#Fields: date time cs-uri-stem sc-status time-taken\r\n")],
      "without a request",
    ],
    ["an empty log", () => [file("empty.log", "")], "empty"],
    ["an empty result", () => [file("empty.json", "")], "empty"],
    ["a text that is no log", () => [file("prose.txt", "It was a dark night.\n")], "an access log"],
    ["a file that is not there", () => [path.join(folder, "nowhere.json")], "not there"],
    ["a folder", () => [folder], "name the result.json in it"],
    ["a log and a result together", () => [result("d.json"), file("d.log", iisLog())], "one or the other"],
    [
      "a base of another provider",
      () => [
        file("e.log", iisLog()),
        "--base",
        file("redis.yaml", calibrationDocument({ ...builtInCalibration("InProc"), provider: "redis" }, "x")),
      ],
      "which is of redis",
    ],
    [
      "what is measured, with what is fitted",
      () => [file("f.log", iisLog()), "--connection", "redis://user:secret@host"],
      "nothing that is measured",
    ],
  ];

  test.each(cases)("%s", async (_, args, says) => {
    const out = path.join(folder, "refused.calibration.yaml");
    const run = await calibrate("--out", out, "--quiet", "--from", ...args());
    expect([run.exitCode, run.stdout, existsSync(out)]).toEqual([2, "", false]);
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toContain("secret");
  });

  test("a place that cannot be written to, before anything is measured", async () => {
    const beneath = path.join(file("file.yaml", "x"), "redis.calibration.yaml");
    const run = await calibrate("--provider", "redis", "--out", beneath, "--quiet");
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain("--out");
  });

  test("neither a provider nor anything to fit", async () => {
    const run = await calibrate("--cores", "2");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("--provider redis");
    expect(run.stderr).toContain("--cores");
  });
});
