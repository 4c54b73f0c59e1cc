// A waiver file: regressions that somebody has taken on, each with its reason, so that they stay visible without failing a build.

import * as z from "zod";
import { rules } from "./file/fields.ts";
import { type ParsedText, parseWithSchema } from "./parse-with-schema.ts";

/** Somebody's word that a regression is known and taken on. */
export interface Waiver {
  /** Key of a metric; * stands for any letters: "micro.*.meanMs". */
  readonly metric: string;
  /**
   * Of the candidate: "*" for any; "abc1234" for one; "abc1234..def5678" for what the second has and the first has not, as git has it;
   * "abc1234.." for all that come after it. Names of tags and branches are as good as hashes.
   */
  readonly commits: string;
  readonly reason: string;
  /** A day, "2026-12-31", after which it no longer holds. */
  readonly until?: string;
}

/** Letters that no name of a commit has, and what would name another commit tomorrow: HEAD, main~2, @. */
const commitName = /^(?![-.]|HEAD$|@$)(?!.*(\.\.|@\{))[^\s~^:?*[\]\\]+$/;
const commitsForm = '"*", a commit, "abc1234..def5678" or "abc1234.."; no HEAD, which moves';

function isCommits(text: string): boolean {
  if (text === "*") return true;
  const [from, to, ...more] = text.split("..");
  if (more.length > 0 || from === undefined || !commitName.test(from)) return false;
  return to === undefined || to === "" || commitName.test(to);
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (day === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** A text that passes a test, or says what was wanted. */
const text = (passes: (value: string) => boolean, expected: string, mend: string) =>
  z.string().check(rules((value) => [!passes(value) && { path: [], given: JSON.stringify(value), expected, mend }]));

const waiverSchema: z.ZodType<Waiver> = z.strictObject({
  metric: text(
    (key) => /^\S+$/.test(key),
    'the key of a metric, as reports have it; * stands for any letters: "micro.*.meanMs"',
    "change it",
  ),
  commits: text(isCommits, commitsForm, "change it"),
  reason: text((reason) => reason.trim() !== "", "why this is taken on", "say it, for whoever reads it next year"),
  until: text(isDay, "a day: 2026-12-31", "change it, or leave it out for a waiver without end").optional(),
});

/**
 * @param file how the user named the text, for messages. A text of comments alone waives nothing.
 * @returns problems, not thrown, each with its line and column.
 */
export function parseWaivers(text: string, file: string): ParsedText<readonly Waiver[]> {
  const parsed = parseWithSchema<readonly Waiver[]>(text, file, z.array(waiverSchema), (raw) =>
    isEmpty(raw) ? [] : raw,
  );
  const numbers = Array.isArray(parsed.raw) ? parsed.raw.flatMap(numbersIn) : [];
  const problems = parsed.problems.map((problem) =>
    numbers.includes(problem.at)
      ? { ...problem, given: "a number to YAML", mend: `put it in quotes: ${problem.at.split(".")[1]}: "1234567"` }
      : problem,
  );
  return { ...parsed, problems };
}

function isEmpty(raw: unknown): boolean {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) && Object.keys(raw).length === 0;
}

/** Where hashes like 1234567 and 12e4567 stand without quotes. */
function numbersIn(entry: unknown, index: number): readonly string[] {
  if (typeof entry !== "object" || entry === null) return [];
  return Object.entries(entry).flatMap(([key, value]) => (typeof value === "number" ? [`[${index}].${key}`] : []));
}
