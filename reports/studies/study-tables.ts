// Tables cut from a body of cells: one experiment alone has a row for each of its rows and a column for each measure; several stand
// side by side, a column each, in a table for each measure, with the best of each row told.

import type { RunResult } from "../../metrics/run-result.ts";
import type { SloProbe } from "../../metrics/study.ts";
import { type Standing, standingsOf } from "../best.ts";
import { type CsvValue, csvText } from "../csv.ts";
import { type FigureCell, formatCell } from "../figure-rows.ts";
import { formatScaled, scaleFor } from "../format-number.ts";
import { runNames } from "../report-file.ts";
import { type Measure, type StudyCube, studiesOf } from "./study-cube.ts";

export interface StudyTableRow {
  readonly head: string;
  readonly cells: readonly string[];
  /** One a cell; null where the columns are no rivals. */
  readonly standings: readonly Standing[];
}

export interface StudyTable {
  readonly caption: string;
  /** Head of the row heads, then one a column. */
  readonly heads: readonly [string, ...string[]];
  readonly rows: readonly StudyTableRow[];
  /** Worth its room in a summary. */
  readonly main: boolean;
}

export function studyTables(cube: StudyCube): readonly StudyTable[] {
  if (cube.rowHead === "") return [wholeTable(cube)];
  return cube.results.length === 1 ? [aloneTable(cube)] : sideBySide(cube);
}

function scaleOf(measure: Measure, cells: readonly FigureCell[]) {
  return scaleFor(
    measure.unit,
    cells.flatMap(({ value }) => (value === null ? [] : [value])),
  );
}

function headOf(label: string, unit: string): string {
  return unit === "" ? label : `${label} (${unit})`;
}

/** A row a measure, a column a result. */
function wholeTable({ caption, measures, results, cells }: StudyCube): StudyTable {
  const rows = measures.flatMap((measure, place) => {
    const row = results.map((_, index) => cells[index]![0]![place]!);
    if (row.every(({ value }) => value === null)) return [];
    const scale = scaleOf(measure, row);
    return [
      {
        head: headOf(measure.label, scale.unit),
        cells: row.map((cell) => formatCell(cell, scale)),
        standings: standingsOf(results, row, measure.better),
      },
    ];
  });
  return { caption, heads: ["Measure", ...results.map((result) => result.label)], rows, main: true };
}

/** A row a row, a column a measure. */
function aloneTable({ caption, rowHead, rows, measures, cells }: StudyCube): StudyTable {
  const own = cells[0]!;
  const columns = measures.flatMap((measure, place) => {
    const column = own.map((row) => row[place]!);
    return column.every(({ value }) => value === null) ? [] : [{ measure, column, scale: scaleOf(measure, column) }];
  });
  return {
    caption,
    heads: [rowHead, ...columns.map(({ measure, scale }) => headOf(measure.label, scale.unit))],
    rows: rows.map(({ label }, row) => ({
      head: label,
      cells: columns.map(({ column, scale }) => formatCell(column[row]!, scale)),
      standings: columns.map(() => null),
    })),
    main: true,
  };
}

function sideBySide({ caption, rowHead, rows, measures, results, cells }: StudyCube): readonly StudyTable[] {
  return measures.flatMap((measure, place) => {
    const bodies = rows.map((row, at) => ({ row, body: results.map((_, index) => cells[index]![at]![place]!) }));
    const known = bodies.filter(({ body }) => body.some(({ value }) => value !== null));
    if (known.length === 0) return [];
    const scales = known.map(({ body }) => scaleOf(measure, body));
    const alike = scales.every(({ unit }) => unit === scales[0]!.unit);
    return [
      {
        caption: `${headOf(measure.label, alike ? scales[0]!.unit : "")}. ${caption}`,
        heads: [rowHead, ...results.map((result) => result.label)] as const,
        rows: known.map(({ row, body }, at) => ({
          head: alike ? row.label : headOf(row.label, scales[at]!.unit),
          cells: body.map((cell) => formatCell(cell, scales[at]!)),
          standings: standingsOf(results, body, measure.better),
        })),
        main: measure.main,
      },
    ];
  });
}

/** Every rate that a search tried, one table a result, in the order of trying. */
export function probeTables(results: readonly RunResult[]): readonly StudyTable[] {
  return studiesOf(results, "slo").map(({ result, study }) => {
    const columns = probeColumns.map((column) => {
      const values = study.probes.map(column.of);
      return {
        ...column,
        values,
        scale: scaleFor(
          column.unit,
          values.filter((value) => value !== null),
        ),
      };
    });
    return {
      caption: `${result.label}: every rate that was tried, in order`,
      heads: ["Try", ...columns.map(({ label, scale }) => headOf(label, scale.unit)), "objectives"] as const,
      rows: study.probes.map((probe, row) => ({
        head: String(row + 1),
        cells: [...columns.map(({ values, scale }) => formatScaled(values[row]!, scale)), probeWord(probe)],
        standings: [...columns, null].map(() => null),
      })),
      main: false,
    };
  });
}

function probeWord({ met, valid }: SloProbe): string {
  return valid ? (met ? "✓ met" : "✗ missed") : "! generator too late";
}

const probeColumns: readonly {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly of: (probe: SloProbe) => number | null;
}[] = [
  { key: "requestsPerSecond", label: "Requests", unit: "/s", of: (probe) => probe.requestsPerSecond },
  { key: "visitsPerSecond", label: "Visits", unit: "/s", of: (probe) => probe.visitsPerSecond },
  { key: "responseP99Ms", label: "Response p99", unit: "ms", of: (probe) => probe.responseP99Ms },
  { key: "failedShare", label: "Failed", unit: "share", of: (probe) => probe.failedShare },
  { key: "storedSessionsMean", label: "Stored sessions", unit: "", of: (probe) => probe.storedSessionsMean },
  { key: "memoryBytes", label: "Memory", unit: "bytes", of: (probe) => probe.memoryBytes },
  { key: "responses", label: "Responses", unit: "", of: (probe) => probe.responses },
];

/** The cells as they were found, unscaled: a row a result and row, with low and high ends where there is an interval. */
export function studyCsv({ rowKeys, rows, measures, results, cells }: StudyCube): string {
  const names = runNames(results);
  const bounded = measures.map((_, place) =>
    cells.some((own) => own.some((row) => row[place]!.interval !== undefined)),
  );
  const heads = measures.flatMap(({ key }, place) => (bounded[place] ? [key, `${key}Low`, `${key}High`] : [key]));
  const body = results.flatMap((_, index) =>
    rows.map(({ values }, row): readonly CsvValue[] => [
      names[index]!,
      ...values,
      ...cells[index]![row]!.flatMap(({ value, interval }, place): readonly CsvValue[] =>
        bounded[place] ? [value, interval?.low ?? null, interval?.high ?? null] : [value],
      ),
    ]),
  );
  return csvText([["run", ...rowKeys, ...heads], ...body]);
}

/** Every rate that any search tried. */
export function probesCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = studiesOf(results, "slo").flatMap(({ index, study }) =>
    study.probes.map((probe, row): readonly CsvValue[] => [
      names[index]!,
      row + 1,
      ...probeColumns.map(({ of }) => of(probe)),
      probe.met ? 1 : 0,
      probe.valid ? 1 : 0,
    ]),
  );
  return csvText([["run", "try", ...probeColumns.map(({ key }) => key), "met", "valid"], ...rows]);
}
