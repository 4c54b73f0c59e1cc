// What a plan says in words and numbers, once for all its forms: the choice as a buyer would say it, the answer as one sentence, each
// target with its room.

import { maskSecrets } from "../../config/connection-strings.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type {
  Candidate,
  Choice,
  Plan,
  Sensitivity,
  SensitivityEnd,
  Situation,
  TargetEvidence,
} from "../../metrics/plan/plan.ts";
import { formatNumber, formatRelative, formatScaled, scaleFor, UNKNOWN } from "../format-number.ts";
import { limitInWords } from "../limit-words.ts";

const counted = (value: unknown, one: string, many = `${one}s`) =>
  `${formatNumber(Number(value))} ${value === 1 ? one : many}`;

/** In the order in which they are said. */
const words: readonly (readonly [string, (value: Choice[string]) => string])[] = [
  ["site.servers", (value) => counted(value, "server")],
  ["site.workersPerServer", (value) => `${counted(value, "worker")} a server`],
  ["site.coresPerWorker", (value) => `${counted(value, "core")} a worker`],
  ["site.mode", String],
  ["store.provider", String],
  ["store.partitions", (value) => counted(value, "partition")],
  ["site.affinity", (value) => (value === true ? "with affinity" : "without affinity")],
  [
    "site.sessionsMax",
    (value) => (Number(value) >= UNLIMITED_SESSIONS ? "no cap" : `cap ${formatNumber(Number(value))}`),
  ],
  ["site.timeoutMinutes", (value) => `timeout ${formatNumber(Number(value))} min`],
  ["site.recycleEveryMinutes", (value) => `recycled every ${formatNumber(Number(value))} min`],
  ["site.recycleAfterRequests", (value) => `recycled after ${counted(value, "request")}`],
  ["site.recycleAtMemoryMB", (value) => `recycled at ${formatNumber(Number(value))} MB`],
];

/** "3 servers, StateServer, timeout 20 min" */
export function choiceInWords(choice: Choice): string {
  const known = words.flatMap(([key, word]) => (choice[key] === undefined ? [] : [word(choice[key])]));
  const told = new Set(words.map(([key]) => key));
  const others = Object.entries(choice)
    .filter(([key]) => !told.has(key))
    .map(([key, value]) => `${key.replace(/^.*\./, "")} ${plainValue(value)}`);
  const all = [...known, ...others];
  return all.length === 0 ? "the site as it is" : all.join(", ");
}

/** "412 EUR"; money is not told to four digits where it has cents. */
export function money(amount: number, currency: string): string {
  const size = Math.abs(amount);
  const digits = size >= 1000 || Number.isInteger(amount) ? formatNumber(Math.round(size)) : size.toFixed(2);
  return `${amount < 0 ? "−" : ""}${digits}${currency === "" ? "" : ` ${currency}`}`;
}

/** "95 %" */
export function confidenceOf({ confidence }: Plan): string {
  return `${formatNumber(Number((confidence * 100).toPrecision(6)))} %`;
}

/** "in the peak and under 2 faults" */
export function underWhat(situations: readonly Situation[]): string {
  const faults = situations.filter(({ kind }) => kind === "fault").length;
  const parts = [
    ...(situations.some(({ kind }) => kind === "workload") ? ["under the workload"] : []),
    ...(situations.some(({ kind }) => kind === "peak") ? ["in the peak"] : []),
    ...(faults === 0 ? [] : [`under ${counted(faults, "fault")}`]),
  ];
  return inRow(parts);
}

/** "a, b and c" */
export function inRow(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** The recommendation, or what comes nearest where there is none. */
export function shownOf({ recommendation, binding }: Plan): Candidate | null {
  return recommendation ?? binding?.candidate ?? null;
}

export interface Answer {
  readonly standing: Candidate["verdict"];
  /** "3 servers, StateServer, timeout 20 min: 412 EUR a month" */
  readonly head: string;
  /** What is known of it, one sentence each. */
  readonly sentences: readonly string[];
}

/** The plan in a headline and a few sentences. Never says "meets" of what is undecided. */
export function answerOf(plan: Plan): Answer {
  const { recommendation, binding, currency } = plan;
  const cut = plan.complete ? [] : ["The search was cut short: this is the best of what was looked at."];
  const where = underWhat(plan.situations);
  if (recommendation !== null) {
    const { verdict, cost, choice, targets } = recommendation;
    const head = `${choiceInWords(choice)}: ${money(cost.total, currency)} a month`;
    return {
      standing: verdict,
      head,
      sentences: [targetsSentence(verdict, targets, confidenceOf(plan), where), ...cut],
    };
  }
  if (binding === null) {
    return plan.complete
      ? { standing: "misses", head: "No setting meets the targets", sentences: ["No target could be judged."] }
      : {
          standing: "undecided",
          head: "No answer yet: the search was cut short",
          sentences: [
            `Of ${counted(plan.points.all, "choice")}, ${formatNumber(plan.points.simulated)} were simulated, and none is sure to meet the targets.`,
          ],
        };
  }
  const { candidate, target } = binding;
  const nearest = `${choiceInWords(candidate.choice)}, ${money(candidate.cost.total, currency)} a month`;
  const undecided = candidate.verdict === "undecided";
  return {
    standing: undecided ? "undecided" : "misses",
    head: undecided ? "No setting is known to meet the targets" : "No setting meets the targets",
    sentences: [
      `The binding target is ${label(target)} ${limitOf(target)}: ${missOf(target)} (${target.situation}).`,
      `Nearest to it comes ${nearest}.`,
      ...cut,
    ],
  };
}

function targetsSentence(
  verdict: Candidate["verdict"],
  targets: readonly TargetEvidence[],
  confidence: string,
  where: string,
): string {
  const place = where === "" ? "" : ` ${where}`;
  if (targets.length === 0) return "The scenario has no targets: the cheapest choice was taken.";
  const all = targets.length === 1 ? "the target" : `all ${targets.length} targets`;
  if (verdict === "meets") return `Meets ${all} with ${confidence} confidence${place}.`;
  const open = targets.filter(({ met }) => met === null).map(label);
  const missed = targets.filter(({ met }) => met === false).map(label);
  if (verdict === "misses") return `Misses ${inRow(missed)}${place}.`;
  return `UNDECIDED: ${open.length === 0 ? all : inRow(open)} cannot be told met or missed with ${confidence} confidence${place}. Do not buy on this: ask for more replications.`;
}

/** By how much a target is missed: "118 ms, 18.0 % beyond it". */
function missOf(target: TargetEvidence): string {
  const value = valueInWords(target);
  if (target.met === null) return `${value}, which cannot be told met or missed`;
  return target.margin === null
    ? `${value}`
    : `${value}, ${formatRelative(Math.abs(target.margin)).slice(1)} beyond it`;
}

export function label({ label: text, figure }: TargetEvidence): string {
  return text === "" ? figure : text;
}

/** An interval that reaches further on one side than on the other by more than this share of its width is told by its ends. */
const ASKEW = 0.03;

/** "38.2 ± 1.4 ms"; "0 (0 to 0.022) %" where the interval does not lie evenly around the value. */
export function valueInWords({ value, interval, unit }: TargetEvidence): string {
  if (value === null) return UNKNOWN;
  const scale = scaleFor(unit, [value, interval?.high ?? value]);
  const gap = scale.unit === "" || scale.unit.startsWith("/") ? "" : " ";
  const text = (one: number, digits: number) => formatScaled(one, scale, digits);
  const { low, high } = interval ?? { low: value, high: value };
  const width = high - low;
  const even = Math.abs((low + high) / 2 - value) <= ASKEW * width;
  const around = width === 0 ? "" : even ? ` ± ${text(width / 2, 2)}` : ` (${text(low, 3)} to ${text(high, 3)})`;
  return `${text(value, 3)}${around}${gap}${scale.unit}`;
}

export interface Bound {
  readonly side: "most" | "least";
  readonly value: number;
}

/** The number in the limit, which stands there as the scenario or whoever asked wrote it; null where there is none. */
export function boundOf({ limit }: TargetEvidence): Bound | null {
  const [, side, text] = /^at (most|least) (-?\d\S*)$/.exec(limit) ?? [];
  const value = Number(text);
  return side === undefined || Number.isNaN(value) ? null : { side: side as Bound["side"], value };
}

/** "at most 100 ms" */
export function limitOf(evidence: TargetEvidence): string {
  return limitInWords(evidence.limit, evidence.unit);
}

/** "+62.0 %": room; "−18.0 %": missed by so much. */
export function marginOf(margin: number | null): string {
  return margin === null ? UNKNOWN : formatRelative(margin);
}

/** Of all targets of a candidate, the smallest; null where none is known. */
export function smallestMargin({ targets }: Candidate): number | null {
  const known = targets.flatMap(({ margin }) => (margin === null ? [] : [margin]));
  return known.length === 0 ? null : Math.min(...known);
}

export const verdictSigns: Readonly<Record<Candidate["verdict"], string>> = {
  meets: "✓ meets",
  misses: "✗ misses",
  undecided: "? UNDECIDED",
};

/** Never "met" of what is not known. */
export function metInWords(met: boolean | null): string {
  return met === null ? "? UNDECIDED" : met ? "✓ met" : "✗ missed";
}

/** What becomes of the choice at one end of an assumption; null where it stays as it is. */
export function changeAt(plan: Plan, end: SensitivityEnd): string | null {
  if (end.choice === null) return "no setting meets the targets";
  const chosen = plan.recommendation?.choice;
  if (chosen !== undefined && choiceInWords(end.choice) === choiceInWords(chosen)) return null;
  const cost = end.cost === null ? "" : `, ${money(end.cost, plan.currency)}`;
  return `${choiceInWords(end.choice)}${cost}`;
}

/** "think time × 0.8: 4 servers, StateServer, 520 EUR"; one for each end at which the choice changes. */
export function changesOf(plan: Plan): readonly string[] {
  return plan.sensitivities.flatMap(({ assumption, low, high }: Sensitivity) =>
    [low, high].flatMap((end) => {
      const change = changeAt(plan, end);
      return change === null ? [] : [`${assumption} × ${times(end.factor)}: ${change}`];
    }),
  );
}

/** What was searched, in one line. */
export function searchedInWords({ points, searched }: Plan): string {
  if (searched.length === 0) return "Nothing was varied.";
  const axes = searched.map(({ key, values }) => `${key} (${values.map(plainValue).join(", ")})`);
  const settled = points.settled === 0 ? "" : `, ${formatNumber(points.settled)} settled without`;
  return `${counted(points.all, "choice")} of ${inRow(axes)}: ${formatNumber(points.simulated)} simulated${settled}.`;
}

/** A connection string can be a choice, and the password in it is nobody's business. */
function plainValue(value: Choice[string]): string {
  return typeof value === "number" ? formatNumber(value) : maskSecrets(String(value));
}

/** "1.25": a factor is exact, and has no zeros that would claim digits. */
export function times(factor: number): string {
  return String(Number(factor.toPrecision(3)));
}

/** Where the recommendation gives first: "2.4 to 2.6 times the load". */
export function breakingInWords(plan: Plan): string | null {
  const { breaking } = plan;
  if (breaking === null) return null;
  if (breaking.missedAt === null) {
    return `Nothing gives up to ${times(breaking.metAt)} times the load; beyond that nobody looked.`;
  }
  const { target, why } = breaking;
  const first =
    target === null ? "" : `: ${label(target)} (${valueInWords(target)}, ${limitOf(target)}; ${target.situation})`;
  const because = why === "" ? "" : ` ${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, "")}.`;
  return `Between ${times(breaking.metAt)} and ${times(breaking.missedAt)} times the load${first}.${because}`;
}

/** The items where a text to apply is a list of notes; null where it is to be copied as it stands. */
export function notesOf(text: string): readonly string[] | null {
  const lines = text.trimEnd().split("\n");
  return lines.every((line) => line.startsWith("- ")) ? lines.map((line) => line.slice(2)) : null;
}

/** The command that measures the recommendation for real; null without one, and where it has more workers than a bench drives. */
export function measureCommand({ command, recommendation, scenario }: Plan): string | null {
  const [, file] = /\bplan\s+(?:--\S+\s+)*(\S+)/.exec(command) ?? [];
  if (recommendation === null || file === undefined) return null;
  const { choice } = recommendation;
  const workers =
    Number(choice["site.servers"] ?? scenario.site.servers) *
    Number(choice["site.workersPerServer"] ?? scenario.site.workersPerServer);
  if (workers !== 1) return null;
  return `sessionlab bench ${file}${Object.entries(choice)
    .map(([key, value]) => ` --set ${key}=${value}`)
    .join("")}`;
}
