// The door to the importers: which format a file is of, told by what stands in it, and its entries.

import { InputError } from "../../../config/problem.ts";
import { besideAsvResults, importAsv } from "./asv.ts";
import { type CsvOptions, importCsv } from "./csv.ts";
import { DATA_JS_PREFIX, importGithubActionBenchmark } from "./github-action-benchmark.ts";
import { type ForeignFile, fileProblem, type Imported, type ImportFormat, importFormats } from "./imported.ts";

export type HistoryImportOptions = Omit<CsvOptions, "format"> & {
  /** null: told by the files. */
  readonly format: ImportFormat | null;
};

/** @throws InputError where a file is of no known format, the files are of several, or one cannot be read. */
export function importHistory(given: readonly ForeignFile[], options: HistoryImportOptions): Imported {
  const files = given.map(({ name, text }) => ({ name, text: text.replace(/^\uFEFF/, "") }));
  const format = options.format ?? formatOf(files);
  if (format === "asv") return importAsv(files, options);
  const imported = files.map((file) =>
    format === "github-action-benchmark"
      ? importGithubActionBenchmark(file, options)
      : importCsv(file, { ...options, format }),
  );
  return {
    entries: imported.flatMap(({ entries }) => entries),
    findings: imported.flatMap(({ findings }) => findings),
  };
}

function formatOf(files: readonly ForeignFile[]): ImportFormat {
  const told = files.map((file) => ({
    file,
    format: besideAsvResults.test(file.name) ? ("asv" as const) : recognise(file.text),
  }));
  const expected = `a history of ${importFormats.join(", ")}`;
  const unknown = told.filter(({ format }) => format === null);
  if (unknown.length > 0) {
    const mend = "say what it is with --format, or name other files";
    throw new InputError(
      "Cannot import",
      unknown.slice(0, 20).map(({ file }) => fileProblem(file.name, "of no known format", expected, mend)),
    );
  }
  const formats = [...new Set(told.map(({ format }) => format!))];
  if (formats.length === 1) return formats[0]!;
  throw new InputError("Cannot import", [
    {
      at: "the files",
      given: `of several formats: ${formats.join(", ")}`,
      expected: "one",
      mend: "import them one by one",
    },
  ]);
}

/** By the first few letters: files are large. */
function recognise(text: string): ImportFormat | null {
  if (DATA_JS_PREFIX.test(text)) return "github-action-benchmark";
  if (/^\s*\{/.test(text)) {
    if (/"(commit_hash|result_columns|param_names)"\s*:/.test(text)) return "asv";
    return /"entries"\s*:\s*\{/.test(text) && /"benches"\s*:/.test(text) ? "github-action-benchmark" : null;
  }
  if (/^\s*[[<]/.test(text)) return null;
  const [head = ""] = text.split(/\r?\n/, 1);
  if (!/[,;\t|]/.test(head)) return null;
  return /(^|[,;\t|])["']?time["']?[,;\t|]/.test(head) ? "otava-csv" : "csv";
}
