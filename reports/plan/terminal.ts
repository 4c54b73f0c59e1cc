// A plan on one screen: what to buy and what it costs first, then how much room each target has, what gives first, what lost and why,
// and what the answer leans on. Text in a fixed form for a given plan, so that whole reports are kept and compared in tests.

import { maskSecrets } from "../../config/connection-strings.ts";
import type { Plan } from "../../metrics/plan/plan.ts";
import { formatNumber, UNKNOWN } from "../format-number.ts";
import type { TerminalOptions } from "../terminal.ts";
import { createStyle, padEnd, padStart, type Style, textTable, textWidth, wrap } from "../text-table.ts";
import {
  answerOf,
  breakingInWords,
  changesOf,
  choiceInWords,
  confidenceOf,
  label,
  limitOf,
  marginOf,
  measureCommand,
  metInWords,
  money,
  notesOf,
  searchedInWords,
  shownOf,
  smallestMargin,
  times,
  valueInWords,
  verdictSigns,
} from "./plan-words.ts";
import { type Tornado, type TornadoBar, tornadoOf } from "./tornado-places.ts";

/** The answer, ending in a newline. */
export function renderPlan(plan: Plan, { color, columns }: TerminalOptions): string {
  const style = createStyle(color);
  const sections = [
    answer(plan, style, columns),
    cost(plan, style, columns),
    targets(plan, style, columns),
    breaking(plan, style, columns),
    alternatives(plan, style, columns),
    tornado(plan, style, columns),
    assumptions(plan, style, columns),
    apply(plan, style, columns),
    foot(plan, style, columns),
  ];
  const told = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${told.join("\n\n")}\n`;
}

const paints = { meets: "good", misses: "bad", undecided: "doubtful" } as const;
const signs = { meets: "✓", misses: "✗", undecided: "?" } as const;

function answer(plan: Plan, style: Style, columns: number): readonly string[] {
  const { standing, head, sentences } = answerOf(plan);
  const paint = style[paints[standing]];
  const name = `${plan.scenario.name}: what to run`;
  return [
    style.dim(name),
    ...wrapKept(`${signs[standing]} ${head}`, columns, 2).map((line) => paint(style.bold(line))),
    ...sentences
      .flatMap((sentence) => wrapKept(`  ${sentence}`, columns, 2))
      .map((line) => (standing === "meets" ? line : paint(line))),
  ];
}

function cost(plan: Plan, style: Style, columns: number): readonly string[] {
  const candidate = shownOf(plan);
  if (candidate === null) return [];
  const { total, parts } = candidate.cost;
  const rows = [
    ...parts.map(({ what, amount }) => ({ head: `  ${what}`, cells: [money(amount, plan.currency)] })),
    ...(parts.length === 1 ? [] : [{ head: "  together", cells: [style.bold(money(total, plan.currency))] }]),
  ];
  return [
    `${style.bold("A month")}${style.dim(`, prices: ${plan.prices}`)}`,
    ...textTable([""], rows, columns).slice(1),
  ];
}

function targets(plan: Plan, style: Style, columns: number): readonly string[] {
  const candidate = shownOf(plan);
  if (candidate === null || candidate.targets.length === 0) return [];
  const rows = candidate.targets.map((target) => {
    const met = metInWords(target.met);
    const paint = target.met === null ? style.doubtful : target.met ? style.good : style.bad;
    return {
      head: label(target),
      cells: [valueInWords(target), limitOf(target), marginOf(target.margin), paint(met)],
    };
  });
  const table = textTable([...["value", "limit", "margin"].map(style.bold), ""], rows, columns);
  const situations = [...new Set(candidate.targets.map(({ situation }) => situation))];
  // The situation stands beside the row where there is room, else below the table once for each situation.
  const widest = Math.max(...table.map(textWidth));
  const beside = table.length === rows.length + 1 && widest + 3 + Math.max(...situations.map(textWidth)) <= columns;
  const head = `${style.bold("Targets")}${style.dim(`, each where it has least room; ±: ${confidenceOf(plan)}, ${formatNumber(candidate.replications)} replications`)}`;
  if (beside) {
    const nearest = candidate.targets.map(({ situation }) => `   ${style.dim(situation)}`);
    return [head, ...table.map((line, index) => (index === 0 ? line : padEnd(line, widest) + nearest[index - 1]!))];
  }
  const where = situations.map((situation) => {
    const names = candidate.targets.filter((target) => target.situation === situation).map(label);
    return wrapKept(`  ${situation}: ${names.join("; ")}`, columns, 4);
  });
  return [head, ...table, style.dim("  least room in"), ...where.flat().map(style.dim)];
}

function breaking(plan: Plan, style: Style, columns: number): readonly string[] {
  const text = breakingInWords(plan);
  if (text === null || plan.breaking === null) return [];
  const { metAt, missedAt } = plan.breaking;
  return [style.bold("What breaks first"), ...wrapKept(`  ${text}`, columns, 2), ...loadAxis(metAt, missedAt, columns)];
}

/** "  0 ━━━━━━━━━┿━━━━━━╌╌╌✗┈┈┈┈ ": load from none to a little beyond the break, the load of the scenario marked. */
function loadAxis(metAt: number, missedAt: number | null, columns: number): readonly string[] {
  const width = Math.min(56, columns - 16);
  const end = Math.max(1, missedAt ?? metAt) * 1.15;
  const at = (load: number) => Math.round((load / end) * (width - 1));
  const line = Array.from({ length: width }, (_, place) => {
    if (missedAt !== null && place === at(missedAt)) return "✗";
    if (place === at(1)) return "┃";
    if (place <= at(metAt)) return "━";
    return missedAt === null || place < at(missedAt) ? "╌" : "┈";
  }).join("");
  const names = [
    { place: at(1), text: "1×" },
    { place: at(metAt), text: `${times(metAt)}× met` },
    ...(missedAt === null ? [] : [{ place: at(missedAt), text: `${times(missedAt)}× missed` }]),
  ].sort((one, other) => one.place - other.place);
  const under = names.reduce((text, { place, text: name }) => {
    const from = Math.max(place, text.length === 0 ? 0 : text.length + 1);
    return from > place + name.length ? text : padEnd(text, from) + name;
  }, "");
  return [`  ${line}`, `  ${under}`];
}

function alternatives(plan: Plan, style: Style, columns: number): readonly string[] {
  if (plan.alternatives.length === 0) return [];
  const lines = plan.alternatives.flatMap(({ candidate, why }, index) => {
    const { choice, cost: price, verdict } = candidate;
    const margin = smallestMargin(candidate);
    const facts = [
      money(price.total, plan.currency),
      `margin ${marginOf(margin)}`,
      style[paints[verdict]](verdictSigns[verdict]),
    ];
    return [
      ...wrapKept(`  ${index + 1}. ${choiceInWords(choice)}: ${facts.join(", ")}`, columns, 5),
      ...wrapKept(`     ${why}`, columns, 5).map(style.dim),
    ];
  });
  return [style.bold("Next best, and why they lost"), ...lines];
}

function tornado(plan: Plan, style: Style, columns: number): readonly string[] {
  const drawn = tornadoOf(plan);
  if (drawn === null) return [];
  const nameWidth = Math.min(34, Math.max(...drawn.bars.map(({ assumption }) => textWidth(assumption))));
  const ends = drawn.bars.flatMap(({ left, right }) => [endText(left), endText(right)]);
  const endWidth = Math.max(...ends.map(textWidth));
  const barWidth = Math.max(12, Math.min(44, columns - nameWidth - 2 * endWidth - 8));
  const lines = drawn.bars.map((bar) => {
    const { assumption, left, right } = bar;
    const name =
      textWidth(assumption) > nameWidth ? `${[...assumption].slice(0, nameWidth - 1).join("")}…` : assumption;
    return `  ${padEnd(name, nameWidth)}  ${padStart(endText(left), endWidth)} ${barOf(bar, drawn, barWidth)} ${endText(right)}`.trimEnd();
  });
  const changes = changesOf(plan).flatMap((text) => wrapKept(`  * ${text}`, columns, 4));
  const base = marginOf(drawn.base);
  return [
    `${style.bold("What the answer leans on")}${style.dim(`: smallest margin, now ${base}; ┊ the limit`)}`,
    ...lines,
    ...changes.map(style.doubtful),
  ];
}

/** "×0.8 −2.00 % *" */
function endText({ factor, margin, changes }: TornadoBar["left"]): string {
  return `×${times(factor)} ${margin === null ? UNKNOWN : marginOf(margin)}${changes ? " *" : ""}`;
}

function barOf({ from, to }: TornadoBar, { base, domain }: Tornado, width: number): string {
  const place = (margin: number) => Math.round(((margin - domain[0]) / (domain[1] - domain[0])) * (width - 1));
  return Array.from({ length: width }, (_, at) => {
    if (at === place(base)) return "│";
    if (at >= place(from) && at <= place(to)) return "█";
    return at === place(0) ? "┊" : " ";
  }).join("");
}

function assumptions(plan: Plan, style: Style, columns: number): readonly string[] {
  if (plan.assumptions.length === 0) return [];
  return [
    style.bold("Assumed, not measured"),
    ...plan.assumptions.flatMap((text) => wrapKept(`  · ${text}`, columns, 4)),
  ];
}

/** Longer texts say in other words what shorter ones say, or are a file of their own: they are named. */
const APPLY_LINES_MAX = 10;

/** Lines that are to be copied are never broken; notes are. */
function apply(plan: Plan, style: Style, columns: number): readonly string[] {
  const texts = plan.apply.map(({ name, text }) => ({
    name,
    notes: notesOf(text) !== null,
    lines: text.trimEnd().split("\n"),
  }));
  const left = texts.filter(({ notes, lines }) => !notes && lines.length > APPLY_LINES_MAX);
  const told = texts.filter((one) => !left.includes(one));
  const others = left.map(({ name, lines }) => `${name} (${lines.length} lines)`).join("; ");
  return [
    ...told.flatMap(({ name, notes, lines }, index) => [
      ...(index === 0 ? [] : [""]),
      style.bold(`To apply: ${name}`),
      ...lines.flatMap((line) => (notes ? wrapKept(`  ${line}`, columns, 4) : [`  ${line}`])),
    ]),
    ...(left.length === 0
      ? []
      : ["", ...wrapKept(`In the page and in plan.json: ${others}.`, columns, 2).map(style.dim)]),
  ];
}

function foot(plan: Plan, style: Style, columns: number): readonly string[] {
  const measured = measureCommand(plan);
  return [
    ...wrapKept(searchedInWords(plan), columns, 2).map(style.dim),
    ...(measured === null ? [] : [style.bold("To measure it"), `  ${maskSecrets(measured)}`]),
    `${style.bold("To repeat")} (seed ${plan.seed})`,
    `  ${maskSecrets(plan.command)}`,
  ];
}

/** Lines in which no number is parted from its unit. */
function wrapKept(text: string, columns: number, indent: number): readonly string[] {
  const joined = text.replace(/(?<=\d) (?=%|±|(?:ms|s|min|h|KiB|MiB|GiB)\b)|(?<=±) /g, "\u00a0");
  return wrap(joined, columns, indent).map((line) => line.replaceAll("\u00a0", " "));
}
