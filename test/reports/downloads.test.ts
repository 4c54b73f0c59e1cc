import { gunzipSync, strFromU8 } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import type { Study } from "../../metrics/study.ts";
import { csvFile, downloadLink, downloads, withoutFiles } from "../../reports/html/download.ts";
import { renderHtml } from "../../reports/html/page.ts";
import { parseResults } from "../../reports/result-file.ts";
import { makeResult } from "./fixture-result.ts";
import { eightStores, makeFaultResult, makeStudyResult } from "./fixture-study.ts";
import { HOSTILE } from "./hostile.ts";

interface Taken {
  readonly name: string;
  readonly text: string;
}

/** What a browser would save, from the links of a page. */
function filesOf(page: string): readonly Taken[] {
  return [...page.matchAll(/<a download="([^"]*)" href="data:([^,]*),([^"]*)">/g)].map(([, name, type, data]) =>
    type === "application/gzip;base64"
      ? { name: name!.replace(/\.gz$/, ""), text: strFromU8(gunzipSync(Buffer.from(data!, "base64"))) }
      : { name: name!, text: decodeURIComponent(data!) },
  );
}

const kinds: readonly Study["kind"][] = ["saturation", "slo", "micro", "memory", "locks"];

describe("a file in the page", () => {
  test("is saved as it was, whatever is in it, short or packed", () => {
    for (const text of [
      HOSTILE.toWellFormed(),
      "100 %41 #1 <b>&amp;</b> 'q' \"r\"\r\n\tä€😀",
      "x,1\r\n".repeat(40_000),
    ]) {
      const { markup } = downloadLink({ name: "a.csv", label: "data", text });
      expect(filesOf(markup)).toEqual([{ name: "a.csv", text }]);
      expect(markup).not.toMatch(/[\n\r]/);
    }
  });

  test("is packed when it is long: a long run cannot blow the page up", () => {
    expect(downloadLink(csvFile("a", "x,1\r\n".repeat(40_000))).markup.length).toBeLessThan(3000);
  });

  test("can be left out again, and the files beside it stay", () => {
    const svg = { name: "b.svg", label: "picture", text: "</p><a b='1'> · </a> · " };
    const page = `<p>x</p>${downloads(csvFile("a", HOSTILE.toWellFormed()), svg).markup}${downloads(svg).markup}<p>y</p>`;
    const left = withoutFiles(page, ".svg");
    expect(filesOf(left)).toEqual([{ name: "a.csv", text: HOSTILE.toWellFormed() }]);
    expect(left).toBe(`<p>x</p>${downloads(csvFile("a", HOSTILE.toWellFormed())).markup}<p>y</p>`);
    expect(withoutFiles(page, ".json")).toBe(page);
  });
});

describe("the page of runs, faults and experiments", () => {
  const results = [makeResult(), makeFaultResult(), ...kinds.map((kind) => makeStudyResult(kind))];
  let files: readonly Taken[] = [];
  beforeAll(async () => {
    files = filesOf(await renderHtml(results));
  });

  test("gives away the data behind every chart and every table of figures", () => {
    const names = files.map(({ name }) => name).filter((name) => name.endsWith(".csv"));
    expect(new Set(names)).toEqual(
      new Set([
        "figures.csv",
        "counters.csv",
        "percentiles.csv",
        "latency-over-time.csv",
        "sessions-over-time.csv",
        "warm-up.csv",
        "memory-over-time.csv",
        "share-of-new-sessions-refused-over-time.csv",
        "web-cores-busy-over-time.csv",
        "faults.csv",
        "fault-timelines.csv",
        ...kinds.map((kind) => `${kind}.csv`),
        "saturation-rounds.csv",
        "slo-probes.csv",
        "memory-readings.csv",
      ]),
    );
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  });

  test("gives tables whose rows are all as long as their head, without a slip of arithmetic", () => {
    for (const { name, text } of files.filter((file) => file.name.endsWith(".csv"))) {
      const [head, ...rows] = text.trimEnd().split("\r\n");
      expect(rows.length, name).toBeGreaterThan(0);
      const width = (line: string) => line.replace(/"(?:[^"]|"")*"/g, "").split(",").length;
      for (const row of rows) expect(width(row), `${name}: ${row}`).toBe(width(head!));
      expect(text, name).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  });

  test("gives every value of the series that it draws", () => {
    const [head, ...rows] = files
      .find(({ name }) => name === "sessions-over-time.csv")!
      .text.trimEnd()
      .split("\r\n");
    expect(head).toBe(
      "atMs,inproc-simulated stored,inproc-simulated live,stateserver-measured stored,stateserver-measured live",
    );
    const { atMs, columns } = results[0]!.series;
    expect(rows.map((row) => row.split(",").slice(0, 2).map(Number))).toEqual(
      atMs.map((ms, row) => [ms, columns.stored![row]]),
    );
  });

  test("gives the results themselves, which make the same page again", async () => {
    const { text } = files.find(({ name }) => name === "results.json")!;
    expect(filesOf(await renderHtml(parseResults(text, "results.json")))).toEqual(files);
  });

  test("gives each chart as a picture that needs nothing of the page", () => {
    const pictures = files.filter(({ name }) => name.endsWith(".svg"));
    expect(pictures.length).toBeGreaterThan(15);
    for (const { name, text } of pictures) {
      expect(text, name).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+" /);
      expect(text, name).not.toMatch(/var\(|class="chart"/);
      expect(text.match(/ xmlns="/g), name).toHaveLength(1);
    }
  });
});

test("a page of eight long runs stays below 1 MB: first the results are left out, then the pictures", async () => {
  const long = eightStores.map((store, seed) => {
    const result = makeResult({ kind: "measured", mode: "SQLServer", seed, samples: 60_000, seriesPoints: 2000 });
    return { ...result, store, label: `SQLServer on ${store}, measured` };
  });
  const page = await renderHtml(long);
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  const names = filesOf(page).map(({ name }) => name);
  expect(names).not.toContain("results.json");
  expect(names).toContain("sessions-over-time.csv");
});
