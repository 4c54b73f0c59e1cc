// Which server is out of the farm, and who serves its visitors meanwhile: the others, in equal parts. With affinity a visitor who was
// moved stays where he is, as the load balancer's cookie has it.

import { turnsOf } from "../config/rolling-deploy.ts";
import type { Scenario } from "../config/scenario.ts";

export interface ServerRota {
  /** @param part from 0 to 1, as good as drawn. @returns the process that serves instead; the same where its server is there. */
  instead(nowMs: number, process: number, part: number): number;
}

/** @param scale of its moments: scenario time runs so many times faster than theirs. @returns null where no server is ever taken out. */
export function createServerRota(
  { site, run, faults }: Pick<Scenario, "site" | "run" | "faults">,
  scale: number,
): ServerRota | null {
  const turns = faults
    .flatMap((fault) => turnsOf(fault, { site, run }))
    .flatMap((fault) => {
      if (fault.kind !== "rolling-deploy") return [];
      const fromMs = fault.atMs / scale;
      return [{ server: fault.server ?? 0, fromMs, untilMs: fromMs + (fault.downMs * run.timeScale) / scale }];
    });
  if (turns.length === 0) return null;
  const firstMs = Math.min(...turns.map(({ fromMs }) => fromMs));
  const lastMs = Math.max(...turns.map(({ untilMs }) => untilMs));
  const { servers, workersPerServer } = site;

  /** What comes at the very moment is still served. */
  function serverOut(nowMs: number): number | null {
    if (nowMs <= firstMs || nowMs > lastMs) return null;
    const turn = turns.find(({ fromMs, untilMs }) => nowMs > fromMs && nowMs <= untilMs);
    return turn === undefined ? null : turn.server;
  }

  return {
    instead(nowMs, process, part) {
      const server = Math.floor(process / workersPerServer);
      if (serverOut(nowMs) !== server) return process;
      const other = (server + 1 + Math.floor(part * (servers - 1))) % servers;
      return other * workersPerServer + (process % workersPerServer);
    },
  };
}
