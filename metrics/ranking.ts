// Which of several stores did best at the same stream of operations, and which of them cannot be told apart. Rounds are compared in
// pairs: round by round two stores met the same visitors, minutes apart on the same machine, so that what is common to both drops
// out and only their difference is left to judge.
// Source: paired t test on logarithms, as for ratios of times; Jain, "The Art of Computer Systems Performance Analysis", 13.4.

import { exp, log } from "../config/elementary.ts";
import { meanInterval } from "./confidence.ts";
import type { DriverName, Figure, RunResult } from "./run-result.ts";

export interface Contender {
  /** As the user named it. */
  readonly name: string;
  /** All rounds together. */
  readonly result: RunResult;
  /** In order, those that count; with the same seed the same visitors came to every contender. One for an experiment. */
  readonly rounds: readonly RunResult[];
}

export interface Placed extends Contender {
  /** From 1; null where the run is invalid, fails more than its figure leaves out, or the figure is not known: it has no place. */
  readonly place: number | null;
  /** By which factor worse than the one a place before it, 95 %; null for the first and where rounds are too few for an interval. */
  readonly behind: { readonly low: number; readonly high: number } | null;
  /** Is it worse than the one before it, or is that chance? null for the first and where it cannot be told. */
  readonly apart: boolean | null;
}

export interface RankingRule {
  /** Key of the figure to rank by. */
  readonly figure: string;
  readonly best: "low" | "high";
}

const rules: Readonly<Record<Exclude<DriverName, "micro">, RankingRule>> = {
  journeys: { figure: "responseP99Ms", best: "low" },
  saturation: { figure: "saturationRequestsPerSecond", best: "high" },
  slo: { figure: "sloRequestsPerSecond", best: "high" },
  memory: { figure: "memoryBytesPerSession", best: "low" },
  locks: { figure: "lockWaitMaxMs", best: "low" },
  engine: { figure: "engine.w2.eventsPerSecond", best: "high" },
};

/** @param results of one driver, at least one. */
export function rankingRule(results: readonly RunResult[]): RankingRule {
  const { driver } = results[0];
  return driver === "micro" ? { figure: microFigure(results), best: "low" } : rules[driver];
}

/** What every page does that reads a session: getItem, of the middle one of the sizes that all have. */
function microFigure(results: readonly RunResult[]): string {
  const [first, ...others] = results.map(({ figures }) => figures.map(({ key }) => key));
  const common = first.filter((key) => others.every((keys) => keys.includes(key)));
  const reads = common.filter((key) => key.startsWith("micro.getItem."));
  return (reads.length === 0 ? common : reads)[Math.floor((reads.length - 1) / 2)] ?? "";
}

/** What p99 leaves out. Who fails more of the requests has no p99: counted as endless, they would be it. */
const FAILED_SHARE_MAX = 0.01;

/** @returns the share of failed requests, where it is so high that response times do not speak for the store; null where it is not. */
export function failsTooMuch(result: RunResult, { figure }: RankingRule): number | null {
  if (figure !== "responseP99Ms") return null;
  const share = figureOf(result, "failedShare")?.value ?? 0;
  return share > FAILED_SHARE_MAX ? share : null;
}

/** Best first, then those without a place. */
export function rank(contenders: readonly Contender[], rule: RankingRule): readonly Placed[] {
  const sign = rule.best === "low" ? 1 : -1;
  const worth = ({ result }: Contender) => {
    const unfit = result.audit.verdict === "invalid" || failsTooMuch(result, rule) !== null;
    const value = unfit ? null : (figureOf(result, rule.figure)?.value ?? null);
    return value === null ? null : sign * value;
  };
  const placeable = contenders.filter((contender) => worth(contender) !== null);
  const rest = contenders.filter((contender) => worth(contender) === null);
  const sorted = placeable.toSorted((a, b) => (worth(a) ?? 0) - (worth(b) ?? 0));
  return [
    ...sorted.map((contender, index) => ({
      ...contender,
      place: index + 1,
      ...(index === 0 ? alone : against(sorted[index - 1], contender, rule)),
    })),
    ...rest.map((contender) => ({ ...contender, place: null, ...alone })),
  ];
}

const alone = { behind: null, apart: null };

function against(ahead: Contender, contender: Contender, rule: RankingRule): Pick<Placed, "behind" | "apart"> {
  const behind = factorBehind(ahead, contender, rule);
  return { behind, apart: behind === null ? intervalsApart(ahead, contender, rule.figure) : behind.low > 1 };
}

/** undefined where a run of this kind has no such figure. */
export function figureOf({ figures }: RunResult, key: string): Figure | undefined {
  return figures.find((figure) => figure.key === key);
}

/** The 95 % interval of the ratio, by Student's t over the differences of logarithms, of the rounds that both have. */
function factorBehind(ahead: Contender, behind: Contender, { figure, best }: RankingRule): Placed["behind"] {
  const pairs = ahead.rounds.flatMap((one) => {
    const other = behind.rounds.find(({ seed }) => seed === one.seed);
    return other === undefined ? [] : [[one, other]];
  });
  const ratios = pairs.map((pair) => {
    const [better, worse] = pair.map((one) => figureOf(one, figure)?.value ?? 0);
    return better > 0 && worse > 0 ? (best === "low" ? 1 : -1) * (log(worse) - log(better)) : null;
  });
  const known = ratios.filter((ratio) => ratio !== null);
  const interval = known.length < pairs.length ? null : meanInterval(known, 0.95, "");
  return interval === null ? null : { low: exp(interval.low), high: exp(interval.high) };
}

/** For one run each: intervals that do not meet; null where one has none. */
function intervalsApart(a: Contender, b: Contender, figure: string): boolean | null {
  const [one, other] = [a, b].map(({ result }) => figureOf(result, figure)?.interval);
  return one === undefined || other === undefined ? null : one.low > other.high || other.low > one.high;
}
