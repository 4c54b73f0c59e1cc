// sessionlab history import: what other tools have kept, so that nobody starts with an empty history.

import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { Command, Option } from "commander";
import { InputError, type Problem } from "../../config/problem.ts";
import { counted } from "../../reports/history/change-words.ts";
import { type HistoryImportOptions, importHistory } from "../../reports/history/import/import-history.ts";
import {
  type ForeignFile,
  fileProblem,
  type ImportFormat,
  importFormats,
} from "../../reports/history/import/imported.ts";
import { commitTimesMs } from "../commit-order.ts";
import { addEntries } from "./history-add.ts";
import { namesOf } from "./history-results.ts";
import { openStore, type StoreOptions } from "./open-history.ts";

interface ImportCommandOptions extends StoreOptions {
  readonly format?: ImportFormat;
  readonly scenario?: string;
  readonly timeColumn?: string;
  readonly commitColumn?: string;
  readonly metrics?: readonly string[];
  readonly separator?: string;
  readonly where?: HistoryImportOptions["where"];
  readonly better?: HistoryImportOptions["better"];
  readonly newOnly?: boolean;
  readonly json?: boolean;
}

export function historyImportCommand(): Command {
  return new Command("import")
    .summary("import the history another tool has kept")
    .description("imports runs that other tools recorded, each as an entry of its own; all of them, or none")
    .argument("<file-or-folder...>", "files, also gzipped; of asv its results folder")
    .addOption(new Option("--format <format>", "instead of telling it by the files").choices(importFormats))
    .option("--dir <dir>", "the directory of the history; made where it does not exist")
    .option("--branch <name>", "instead: a branch of the repository at hand, made where it does not exist")
    .option("--scenario <name>", "the scenario of the entries (default: the name the source has, or of the file)")
    .option("--better <key=high>", "which way is good, where units do not tell: high or low; stars, repeatable", better)
    .option("--new-only", "leave out runs that are there already, instead of refusing")
    .option("--time-column <name>", "of CSV (default: time, date, timestamp …)")
    .option("--commit-column <name>", "of CSV (default: commit, sha, revision …)")
    .option("--metrics <names>", "of CSV: columns to take, separated by commas, stars allowed", (text) =>
      text.split(","),
    )
    .option("--separator <letter>", "of CSV (default: told by its first line)", separator)
    .option("--where <column=value>", "of CSV: take these rows alone; repeatable", where)
    .option("--json", "print what was imported as JSON")
    .addHelpText(
      "after",
      `
Formats:
  github-action-benchmark  data.js of its branch; a group of benchmarks becomes a scenario
  asv                      its results folder with benchmarks.json, versions 1 and 2; the time is that of the commit
  otava-csv                columns time, commit and metrics; quotes of either kind
  csv                      a column of times or commits, and columns of numbers; a unit may stand behind a name: "p99 (ms)"

Times, bytes and what is counted a second have a direction; other metrics get theirs from --better, or changes of them are
told without saying whether they are for the worse. Times without a zone are taken as UTC.

Exit codes: 0 imported, 2 nothing was imported.

Examples:
  sessionlab history import data.js --dir history
  git show gh-pages:dev/bench/data.js > data.js && sessionlab history import data.js --new-only --dir history
  sessionlab history import .asv/results --branch sessionlab-history
  sessionlab history import nightly.csv --scenario nightly --better 'throughput*=high' --dir history`,
    )
    .action(async (paths: string[], options: ImportCommandOptions) => {
      const { format = null, where: rows = [], better: said = [], newOnly, json } = options;
      const store = openStore(options, "Nothing was imported");
      const files = await readForeign(paths);
      const { entries, findings } = importHistory(files, {
        ...options,
        format,
        where: rows,
        better: said,
        commitTimeMs: await commitTimesIn(files),
      });
      if (entries.length === 0) {
        const given = ["without a run", ...findings].join(". ");
        throw new InputError("Nothing was imported", [
          { at: "the source", given, expected: "at least one", mend: "name other files" },
        ]);
      }
      const message = `Import ${entries.length} runs of ${namesOf(entries)}`;
      const { places, known } = await addEntries(store, entries, {
        newOnly: newOnly === true,
        allowOlder: true,
        message,
      });
      const metrics = new Set(entries.flatMap(({ entry }) => entry.metrics.map(({ key }) => key))).size;
      const undirected = new Set(
        entries.flatMap(({ entry }) => entry.metrics.flatMap(({ key, better: way }) => (way === null ? [key] : []))),
      ).size;
      if (json === true) {
        process.stdout.write(
          `${JSON.stringify({ runs: places.length, known, metrics, undirected, findings, files: places })}\n`,
        );
        return;
      }
      const lines = [
        `${counted(places.length, "run")} of ${counted(metrics, "metric")} imported into ${store.name}${known > 0 ? `; ${known} were there already` : ""}.`,
        ...(undirected > 0
          ? [`Nothing says which way is good for ${counted(undirected, "metric")}: --better says it.`]
          : []),
        ...findings,
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
      if (store.afterwards !== null && places.length > 0) process.stderr.write(`${store.afterwards}\n`);
    });
}

function better(text: string, before: HistoryImportOptions["better"] = []): HistoryImportOptions["better"] {
  const [, key, way] = /^(.+)=(high|low)$/.exec(text) ?? [];
  if (key !== undefined) return [...before, { key, better: way as "high" | "low" }];
  throw wrongOption("--better", text, "the key of a metric, =, and high or low");
}

function where(text: string, before: HistoryImportOptions["where"] = []): HistoryImportOptions["where"] {
  const [, column, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (column !== undefined) return [...before, { column, value: value! }];
  throw wrongOption("--where", text, "the name of a column, =, and a value");
}

function separator(text: string): string {
  if (text === "\\t" || text === "tab") return "\t";
  if (text.length === 1 && !/["'\w\s]/.test(text)) return text;
  throw wrongOption("--separator", text, "one letter such as ; or the word tab");
}

function wrongOption(at: string, given: string, expected: string): InputError {
  return new InputError("Nothing was imported", [{ at, given: `"${given}"`, expected, mend: "change it" }]);
}

/** Of a folder the JSON files in it and below; asv keeps one folder a machine. */
async function readForeign(paths: readonly string[]): Promise<readonly ForeignFile[]> {
  const problems: Problem[] = [];
  const files: ForeignFile[] = [];
  for (const given of paths) {
    try {
      const names = (await stat(given)).isDirectory() ? await jsonBelow(given) : [given];
      if (names.length === 0) {
        problems.push(fileProblem(given, "a folder without JSON files", "the results folder of asv", "name another"));
      }
      for (const name of names) files.push({ name, text: unpacked(await readFile(name)) });
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      const damaged = code.startsWith("Z_") || code === "ERR_BUFFER_TOO_LARGE";
      const told = damaged ? `damaged gzip (${message})` : code === "ENOENT" ? "not there" : `not readable (${code})`;
      if (code === "") throw error;
      problems.push(fileProblem(given, told, "the history of another tool", "check it"));
    }
  }
  const empty = files.filter(({ text }) => text.trim() === "" || text.includes("\0"));
  for (const { name, text } of empty) {
    const told = text.includes("\0") ? "binary" : "empty";
    problems.push(fileProblem(name, told, "the history of another tool, as text", "name another file"));
  }
  if (problems.length > 0) throw new InputError("Nothing was imported", problems);
  return files;
}

async function jsonBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** A data.js of years is a few tens of megabytes. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;

function unpacked(bytes: Buffer): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (packed ? gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }) : bytes).toString("utf8");
}

/** For tables without times: when the commits were made that stand anywhere in them, asked of the repository at one go. */
async function commitTimesIn(files: readonly ForeignFile[]): Promise<HistoryImportOptions["commitTimeMs"]> {
  const tables = files.filter(({ text }) => !/^\s*([{[]|window\.)/.test(text));
  const hashes = tables.flatMap(({ text }) => text.match(/\b[0-9a-f]{7,40}\b/gi) ?? []);
  const times = await commitTimesMs(hashes);
  return (commit) => times.get(commit) ?? null;
}
