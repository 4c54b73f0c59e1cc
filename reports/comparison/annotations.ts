// A comparison as workflow commands of GitHub Actions, which show as annotations on the run and on the pull request. GitHub keeps ten
// of each kind a step, so the last tells of those that no longer fit; what cannot be told is one annotation, not a wall.
// Source: docs.github.com, "Workflow commands for GitHub Actions"; escapes as in actions/toolkit, packages/core/src/command.ts.

import type { Comparison } from "../../metrics/compare/comparison.ts";
import { countsInWords, howMuch, OBJECTIONS_HEAD, verdictWord, whoAgainstWhom, whyOf } from "./comparison-words.ts";
import { type MetricRow, type MetricStanding, metricRows, oneLine } from "./metric-rows.ts";

/** Of one kind, by one step. */
const ANNOTATIONS_MAX = 10;
/** Of what cannot be told: the rest stands in the reports. */
const NAMES_MAX = 10;

interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** One command a line; the last says how the comparison came out. */
export function renderAnnotations(comparison: Comparison): string {
  const rows = metricRows(comparison);
  const having = (standing: MetricStanding) => rows.filter((row) => row.standing === standing);
  const about = whoAgainstWhom(comparison);
  const each = (level: Annotation["level"], word: string, these: readonly MetricRow[]) =>
    these.map((row) => ({ level, title: `${word}: ${row.head}`, message: messageOf(row, about) }));
  const annotations = [
    ...atMost(ANNOTATIONS_MAX, each("error", "Regressed", having("regressed"))),
    ...objectionsOf(comparison),
    ...cannotTell(having("cannot tell")),
    ...atMost(ANNOTATIONS_MAX - 1, [
      ...each("notice", "Regressed, waived", having("waived")),
      ...each("notice", "Improved", having("improved")),
    ]),
    whole(comparison, rows),
  ];
  return annotations.map((one) => `${commandOf(one)}\n`).join("");
}

function messageOf({ metric, key, effect, base, candidate }: MetricRow, about: string): string {
  const values = metric.base === null && metric.candidate === null ? [] : [`${base} to ${candidate}`];
  return `${[effect, ...values].join(", ")}: ${about}. ${whyOf({ metric })} [${key}]`;
}

function atMost(max: number, annotations: readonly Annotation[]): readonly Annotation[] {
  if (annotations.length <= max) return annotations;
  const rest = annotations.slice(max - 1);
  const { level } = rest[0]!;
  const message = rest.map(({ title }) => title).join("; ");
  return [...annotations.slice(0, max - 1), { level, title: `${rest.length} more`, message }];
}

function objectionsOf({ objections }: Comparison): readonly Annotation[] {
  if (objections.length === 0) return [];
  const message = `${OBJECTIONS_HEAD} ${objections.map(oneLine).join(" ")}`;
  return [{ level: "warning", title: "Compared by force", message }];
}

function cannotTell(rows: readonly MetricRow[]): readonly Annotation[] {
  if (rows.length === 0) return [];
  const named = rows.slice(0, NAMES_MAX);
  const others = rows.length - named.length;
  const names = named.map(({ label, moreRuns }) =>
    moreRuns === "" ? label : `${label} (${moreRuns} would settle it)`,
  );
  const title = `Cannot tell: ${rows.length} ${rows.length === 1 ? "metric" : "metrics"}`;
  return [{ level: "warning", title, message: [...names, ...(others === 0 ? [] : [`and ${others} more`])].join("; ") }];
}

function whole(comparison: Comparison, rows: readonly MetricRow[]): Annotation {
  const message = `${countsInWords(rows)}; ${howMuch(comparison)}`;
  return { level: "notice", title: `${verdictWord(comparison)}: ${whoAgainstWhom(comparison)}`, message };
}

function commandOf({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
