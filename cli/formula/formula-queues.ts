// Formulas of open queues, which let everybody wait.

import type { Command } from "commander";
import { InputError } from "../../config/problem.ts";
import { notNegative, positive, requireAll } from "../../sim/analytic/arguments.ts";
import {
  erlangC,
  erlangCLoad,
  erlangCServers,
  serversForMeanWait,
  serversForWaitWithin,
} from "../../sim/analytic/erlang-c.ts";
import { md1, md1WaitCdf, md1WaitQuantile } from "../../sim/analytic/md1.ts";
import { mg1 } from "../../sim/analytic/mg1.ts";
import { mmc, mmcWaitQuantile, mmcWaitTail } from "../../sim/analytic/mmc.ts";
import { type Answer, type Argument, formulaCommand, leftOut } from "./formula-command.ts";

const arrivals: Argument = { name: "arrivalsPerSecond", about: "Poisson arrivals", needed: true };
const within: Argument = { name: "withinSeconds", about: "also the share that waits longer than this" };

/** What all open queues tell. */
export function servedAs(form: {
  readonly utilisation: number;
  readonly queueMean: number;
  readonly customersMean: number;
  readonly waitSecondsMean: number;
  readonly responseSecondsMean: number;
}): Answer[] {
  return [
    { key: "utilisation", value: form.utilisation, unit: "share" },
    { key: "queueMean", value: form.queueMean },
    { key: "customersMean", value: form.customersMean },
    { key: "waitSecondsMean", value: form.waitSecondsMean, unit: "s" },
    { key: "responseSecondsMean", value: form.responseSecondsMean, unit: "s" },
  ];
}

export function erlangCCommand(): Command {
  return formulaCommand<{ servers: number; erlangs: number; waitShare: number }>({
    name: "erlang-c",
    title: "Erlang C",
    summary: "the chance to wait; servers for a load; the load for servers",
    arguments: [
      { name: "servers", about: "servers (workers, agents)" },
      { name: "erlangs", about: "offered load: arrivals a second × service seconds" },
      { name: "waitShare", about: "share of arrivals that have to wait, as 0.2 or 20%" },
    ],
    equation:
      "C(n, a) = nB / (n − a(1 − B)), B by Erlang's loss formula. Poisson arrivals, exponential services, nobody refused.",
    source: "A. K. Erlang, 1917",
    examples: [
      "--servers 10 --erlangs 8",
      "--erlangs 8 --wait-share 5%      # servers",
      "--servers 10 --wait-share 5%     # load",
    ],
    solve: (given) => {
      const { servers, erlangs, waitShare } = given;
      const asked = leftOut("Erlang C", given, ["servers", "erlangs", "waitShare"]);
      const waits = (n: number): Answer => ({ key: "waitShare", value: erlangC(n, erlangs), unit: "share" });
      if (asked === "waitShare") return [waits(servers)];
      if (asked === "erlangs") return [{ key: "erlangs", value: erlangCLoad(servers, waitShare) }];
      const needed = erlangCServers(erlangs, waitShare);
      return [{ key: "servers", value: needed }, waits(needed)];
    },
  });
}

interface MMcGiven {
  readonly arrivalsPerSecond: number;
  readonly serviceSeconds: number;
  readonly servers?: number;
  readonly waitSeconds?: number;
  readonly withinSeconds?: number;
  readonly lateShare?: number;
}

export function mmcCommand(): Command {
  return formulaCommand<MMcGiven>({
    name: "mmc",
    title: "M/M/c",
    summary: "waits at c servers with one queue; servers for a mean wait, or for a share that waits too long",
    arguments: [
      arrivals,
      { name: "serviceSeconds", about: "mean service time, exponential", needed: true },
      { name: "servers", about: "servers; leave them out to ask for their number" },
      { name: "waitSeconds", about: "the mean wait not to be exceeded, instead of --servers" },
      { ...within, about: "a wait: the share that waits longer; with --late-share, instead of --servers" },
      { name: "lateShare", about: "the share that may wait longer than --within-seconds" },
    ],
    equation: "Wq = C(c, a) s/(c − a), P(W > t) = C(c, a) e^(−(c − a)t/s), a = λs.",
    source: "L. Kleinrock, Queueing Systems I, 1975, section 3.5",
    examples: [
      "--arrivals-per-second 200 --service-seconds 0.04 --servers 10 --within-seconds 0.1",
      "--arrivals-per-second 200 --service-seconds 0.04 --wait-seconds 0.005",
      "--arrivals-per-second 200 --service-seconds 0.04 --within-seconds 0.05 --late-share 1%",
    ],
    solve: (given) => {
      chosenOnce(given);
      const servers = given.servers ?? serversFor(given);
      const input = { arrivalsPerSecond: given.arrivalsPerSecond, serviceSeconds: given.serviceSeconds, servers };
      const form = mmc(input);
      return [
        ...(given.servers === undefined ? [{ key: "servers", value: servers }] : []),
        { key: "waitShare", value: form.waitShare, unit: "share" },
        ...servedAs(form),
        { key: "waitSecondsP95", value: mmcWaitQuantile(input, 0.95), unit: "s" },
        { key: "waitSecondsP99", value: mmcWaitQuantile(input, 0.99), unit: "s" },
        ...late(given.withinSeconds, (seconds) => mmcWaitTail(input, seconds)),
      ];
    },
  });
}

function serversFor(given: MMcGiven): number {
  const { arrivalsPerSecond, serviceSeconds, waitSeconds, withinSeconds, lateShare } = given;
  requireAll("M/M/c", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    positive("serviceSeconds", serviceSeconds),
  ]);
  const erlangs = arrivalsPerSecond * serviceSeconds;
  if (waitSeconds !== undefined) return serversForMeanWait(erlangs, serviceSeconds, waitSeconds);
  return serversForWaitWithin(erlangs, serviceSeconds, withinSeconds ?? Number.NaN, lateShare ?? Number.NaN);
}

/** Servers are given, or follow from one of two wishes. */
function chosenOnce({ servers, waitSeconds, withinSeconds, lateShare }: MMcGiven): void {
  const ways = [
    ["--servers", servers !== undefined],
    ["--wait-seconds", waitSeconds !== undefined],
    ["--late-share", lateShare !== undefined],
  ] as const;
  const given = ways.filter(([, there]) => there).map(([flag]) => flag);
  if (given.length === 1 && (lateShare === undefined || withinSeconds !== undefined)) return;
  throw new InputError("Cannot work out M/M/c", [
    {
      at: "the choice of options",
      given: given.length === 0 ? "empty" : given.join(", "),
      expected: "one of --servers, --wait-seconds, or --late-share with --within-seconds",
      mend: "give one of them",
    },
  ]);
}

function late(seconds: number | undefined, tail: (seconds: number) => number): Answer[] {
  return seconds === undefined ? [] : [{ key: "lateShare", value: tail(seconds), unit: "share" }];
}

export function md1Command(): Command {
  return formulaCommand<{ arrivalsPerSecond: number; serviceSeconds: number; withinSeconds?: number }>({
    name: "md1",
    title: "M/D/1",
    summary: "waits at one server whose services all take alike",
    arguments: [arrivals, { name: "serviceSeconds", about: "service time, always the same", needed: true }, within],
    equation: "Wq = ρs/(2(1 − ρ)), ρ = λs; the law of the wait by G. J. Franx.",
    source: "F. Pollaczek, 1930; G. J. Franx, Operations Research Letters 29, 2001",
    examples: ["--arrivals-per-second 80 --service-seconds 0.01 --within-seconds 0.05"],
    solve: ({ withinSeconds, ...input }) => [
      ...servedAs(md1(input)),
      { key: "waitSecondsP95", value: md1WaitQuantile(input, 0.95), unit: "s" },
      { key: "waitSecondsP99", value: md1WaitQuantile(input, 0.99), unit: "s" },
      ...late(withinSeconds, (seconds) => 1 - md1WaitCdf(input, seconds)),
    ],
  });
}

export function mg1Command(): Command {
  return formulaCommand<{
    arrivalsPerSecond: number;
    serviceSecondsMean: number;
    serviceSecondsVariance: number;
    serviceSecondsThirdMoment?: number;
  }>({
    name: "mg1",
    title: "M/G/1",
    summary: "the mean wait at one server, whatever the law of its service time",
    arguments: [
      arrivals,
      { name: "serviceSecondsMean", about: "mean service time", needed: true },
      { name: "serviceSecondsVariance", about: "its variance, seconds squared", needed: true },
      { name: "serviceSecondsThirdMoment", about: "E[S³], for the spread of the wait" },
    ],
    equation: "Wq = λE[S²]/(2(1 − ρ)), E[W²] = 2Wq² + λE[S³]/(3(1 − ρ)), ρ = λE[S].",
    source: "F. Pollaczek, 1930; A. Y. Khinchine, 1932; L. Takács, 1962",
    examples: ["--arrivals-per-second 80 --service-seconds-mean 0.01 --service-seconds-variance 0.0004"],
    solve: (given) => {
      const form = mg1(given);
      const variance = form.waitSecondsVariance;
      const spread = variance === null ? [] : [{ key: "waitSecondsStdDev", value: Math.sqrt(variance), unit: "s" }];
      return [...servedAs(form), ...spread];
    },
  });
}
