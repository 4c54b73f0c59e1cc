// Formulas of closed systems, in which so many machines or users go round for ever.

import type { Command } from "commander";
import { notNegative, requireAll, whole } from "../../sim/analytic/arguments.ts";
import { machineRepair } from "../../sim/analytic/machine-repair.ts";
import { mva } from "../../sim/analytic/mva.ts";
import { formulaCommand } from "./formula-command.ts";

export function machineRepairCommand(): Command {
  return formulaCommand<{ machines: number; repairers: number; upSeconds: number; repairSeconds: number }>({
    name: "machine-repair",
    title: "Machine repair, M/M/c//N",
    summary: "N machines and c repairers; N users who think and c servers",
    arguments: [
      { name: "machines", about: "machines (users)", needed: true },
      { name: "repairers", about: "repairers (servers)", needed: true },
      { name: "upSeconds", about: "mean time to the next failure (think time), exponential", needed: true },
      { name: "repairSeconds", about: "mean repair (service) time, exponential", needed: true },
    ],
    equation: "P(n) = P(n − 1) (N − n + 1) r / min(n, c), r = repair time / up time.",
    source: "D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.6",
    examples: ["--machines 500 --repairers 8 --up-seconds 30 --repair-seconds 0.4"],
    solve: (given) => {
      const form = machineRepair(given);
      return [
        { key: "downMean", value: form.downMean },
        { key: "queueMean", value: form.queueMean },
        { key: "repairersBusyMean", value: form.repairersBusyMean },
        { key: "repairsPerSecond", value: form.repairsPerSecond, unit: "/s" },
        { key: "waitShare", value: form.waitShare, unit: "share" },
        { key: "waitSecondsMean", value: form.waitSecondsMean, unit: "s" },
        { key: "downSecondsMean", value: form.downSecondsMean, unit: "s" },
      ];
    },
  });
}

export function mvaCommand(): Command {
  return formulaCommand<{ customers: number; queueSeconds: readonly number[]; thinkSeconds?: number }>({
    name: "mva",
    title: "Exact mean value analysis",
    summary: "so many users going round between thinking and single-server stations",
    arguments: [
      { name: "customers", about: "users", needed: true },
      {
        name: "queueSeconds",
        about: "demand at each station in one round, as 0.05,0.2: visits × mean service time",
        kind: "numbers",
        needed: true,
      },
      { name: "thinkSeconds", about: "think time in one round; 0 where left out" },
    ],
    equation: "R(k) = D(k)(1 + Q(k) with one user fewer), X = N/(Z + ΣR(k)), Q(k) = X R(k).",
    source: "M. Reiser, S. S. Lavenberg, Journal of the ACM 27, 1980",
    examples: ["--customers 50 --queue-seconds 0.05,0.2 --think-seconds 10"],
    solve: ({ customers, queueSeconds, thinkSeconds = 0 }) => {
      requireAll("mean value analysis", [
        whole("customers", customers, 1),
        ...queueSeconds.map((seconds) => notNegative("queueSeconds", seconds)),
        notNegative("thinkSeconds", thinkSeconds),
      ]);
      const queues = queueSeconds.map((seconds) => ({ kind: "queue" as const, demandSeconds: [seconds] }));
      const thinking = { kind: "delay" as const, demandSeconds: [thinkSeconds] };
      const { classes, stations } = mva({ customers: [customers], stations: [...queues, thinking] });
      const at = queues.map((_, k) => k);
      return [
        { key: "roundsPerSecond", value: classes[0].throughputPerSecond, unit: "/s" },
        { key: "responseSecondsMean", value: classes[0].cycleSeconds - thinkSeconds, unit: "s" },
        { key: "stationSeconds", value: at.map((k) => classes[0].residenceSeconds[k]), unit: "s" },
        { key: "stationCustomers", value: at.map((k) => stations[k].customersMean) },
        { key: "stationUtilisation", value: at.map((k) => stations[k].utilisation) },
      ];
    },
  });
}
