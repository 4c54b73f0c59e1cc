// What the runs were asked: the site as it was modelled, the settings with where each came from, workload and schedule, and what
// the costs rest on. What differs between the runs comes first.

import type { Setting, Settings } from "../../config/session-settings.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { formatDuration, formatFigure, formatNumber, UNKNOWN } from "../format-number.ts";
import { html, type Markup } from "./markup.ts";
import { folded, type HtmlRow, htmlTable } from "./table.ts";

interface ValueRow {
  readonly name: string;
  /** One a result. */
  readonly values: readonly string[];
}

const differs = (row: ValueRow) => row.values.some((value) => value !== row.values[0]);

export function scenarioSection(results: readonly RunResult[]): Markup {
  const site = valueRows(results, (result) => ({ site: result.scenario.site }));
  const asked = valueRows(results, ({ scenario: { workload, run, faults } }) => ({ workload, run, faults }));
  const costs = valueRows(results, ({ scenario }) => ({ costs: { ...scenario.calibration, evidence: undefined } }));
  const named = costs.filter((row) => row.name === "costs.name");
  const differing = [...site, ...asked, ...named].filter(differs);
  const shared = (rows: readonly ValueRow[]) => rows.filter((row) => !differs(row));
  return html`${
    differing.length === 0 ? null : valueTable("What differs between the runs", differing, results)
  }${valueTable("The site as it was run", shared(site), results)}${folded(
    "Workload and schedule",
    valueTable("Workload and schedule", shared(asked), results),
  )}${folded("Costs of requests and store calls", valueTable("Costs of requests and store calls", costs, results))}`;
}

/** One column a result where any row differs, else one for all. */
function valueTable(caption: string, rows: readonly ValueRow[], results: readonly RunResult[]): Markup {
  const labels = results.map((result) => result.label);
  const alike = !rows.some(differs);
  return htmlTable({
    caption,
    heads: ["Value", ...(alike ? [results.length === 1 ? "value" : "all runs"] : labels)],
    rows: rows.map((row) => ({ head: row.name, cells: alike ? row.values.slice(0, 1) : row.values })),
    textColumns: alike ? [0] : [],
  });
}

/** Sorted by name, so that a result read back from its file makes the same page as when it was fresh. */
function valueRows(results: readonly RunResult[], of: (result: RunResult) => object): readonly ValueRow[] {
  const flat = results.map((result) => new Map(flatten("", of(result))));
  const names = [...new Set(flat.flatMap((entries) => [...entries.keys()]))].sort();
  return names.map((name) => ({
    name: name.replace(/Ms$/, ""),
    values: flat.map((entries) => entries.get(name) ?? UNKNOWN),
  }));
}

/** Lists of numbers longer than this are told by their length. */
const LIST_MAX = 24;

function flatten(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (value === null || typeof value !== "object") return [[name, valueText(name, value)]];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    const text = value.length > LIST_MAX ? `${formatNumber(value.length)} values` : value.join(", ");
    return [[name, text === "" ? "none" : text]];
  }
  if ("kind" in value && Object.values(value).every((part) => typeof part !== "object")) {
    const { kind, ...parts } = value as Readonly<Record<string, unknown>>;
    const said = Object.entries(parts).map(
      ([key, part]) =>
        `${key} ${valueText(key === "value" || key === "mean" || key === "min" || key === "max" ? name : key, part)}`,
    );
    return [[name, [String(kind), ...said].join(", ")]];
  }
  return Object.entries(value).flatMap(([key, part]) => flatten(name === "" ? key : `${name}.${key}`, part));
}

/** A name tells its unit: "…Ms" are milliseconds, "…Bytes" bytes. */
function valueText(name: string, value: unknown): string {
  if (value === null) return "never";
  if (typeof value !== "number") return String(value);
  if (name.endsWith("Ms")) return formatDuration(value);
  if (name.endsWith("Bytes")) return formatFigure(value, "bytes");
  if (name.endsWith("sessionsMax") && value >= UNLIMITED_SESSIONS) return "no cap";
  return name.endsWith("seed") ? String(value) : formatNumber(value);
}

/** The settings of the configuration files, each with its origin; null where no run has read any. */
export function originsSection(results: readonly RunResult[]): Markup | null {
  const read = results.filter((result) => result.settings !== null);
  if (read.length === 0) return null;
  const alike = new Set(read.map((result) => JSON.stringify(result.settings))).size === 1;
  const columns = alike ? read.slice(0, 1) : read;
  const heads: [string, ...string[]] = ["Setting", ...(alike ? ["value"] : columns.map((result) => result.label))];
  const rows = groups.flatMap((group) => settingRows(group, columns));
  const table = (caption: string, some: readonly SettingRow[]) =>
    htmlTable({ caption, heads, rows: some, textColumns: columns.map((_, index) => index) });
  const [written, untouched] = [rows.filter((row) => row.written), rows.filter((row) => !row.written)];
  return html`${written.length === 0 ? html`<p>Every setting has its default.</p>` : table("Settings that were written, with the file and line", written)}${untouched.length === 0 ? null : folded(`${untouched.length} settings at their default`, table("Settings that nobody wrote", untouched))}`;
}

const groups = ["sessionState", "aspSession", "load"] as const satisfies readonly (keyof Settings)[];

interface SettingRow extends HtmlRow {
  /** Written in at least one of the runs. */
  readonly written: boolean;
}

function settingRows(group: keyof Settings, results: readonly RunResult[]): readonly SettingRow[] {
  const settingsOf = (result: RunResult) =>
    result.settings![group] as unknown as Readonly<Record<string, Setting<unknown>>>;
  return Object.keys(settingsOf(results[0]!))
    .sort()
    .map((name) => {
      const settings = results.map((result) => settingsOf(result)[name]!);
      return {
        head: html`${name}<small>${group}</small>`,
        cells: settings.map((setting) => html`${settingText(setting)}<small>${setting.origin}</small>`),
        written: settings.some((setting) => setting.origin !== "default"),
      };
    });
}

function settingText({ value, written }: Setting<unknown>): string {
  const text =
    typeof value === "object" ? JSON.stringify(value) : value === UNLIMITED_SESSIONS ? "no limit" : String(value);
  const plain = withoutSecrets(text === "" || text === "[]" ? "none" : text);
  const asWritten = written === undefined ? null : withoutSecrets(written);
  return asWritten === null || asWritten === plain ? plain : `${plain} (written "${asWritten}")`;
}

/** Reports are passed on; the password in a connection string is not. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(password|pwd)\s*=\s*("[^"]*"|'[^']*'|[^;"']*)/gi, "$1=•••");
}

/** What the costs of each run rest on; an assumption is said loudly. */
export function evidenceSection(results: readonly RunResult[]): Markup {
  const simulated = results.filter((result) => result.kind === "simulated");
  const byCalibration = new Map<string, RunResult[]>();
  for (const result of simulated) {
    const key = JSON.stringify(result.scenario.calibration);
    byCalibration.set(key, [...(byCalibration.get(key) ?? []), result]);
  }
  const notes = [...byCalibration.values()].map((group) => {
    const { name, evidence, measured } = group[0]!.scenario.calibration;
    const used = group.map((result) => result.label).join("; ");
    return measured
      ? html`<p><strong>${name}</strong> (${used}): measured. ${evidence}</p>`
      : html`<div class="loud"><p><strong class="doubtful-text">! Assumed costs: ${name}</strong> (${used}). ${evidence}</p></div>`;
  });
  const measured = results.length - simulated.length;
  return html`${notes}${measured === 0 ? null : html`<p>A measured run takes its costs from the machine it ran on; no calibration enters its figures.</p>`}`;
}
