// What a simulation cannot say of a scenario, refused before it runs and not passed over; and the stores of mode Custom that it can.

import { faultProblems, strikesStore } from "../config/fault-problems.ts";
import { InputError, type Problem } from "../config/problem.ts";
import type { Scenario } from "../config/scenario.ts";

/** Stores of express-session know no locks: every exclusive get succeeds at once, and the last of two writers wins. */
export function locksSessions({ site, store }: Pick<Scenario, "site" | "store">): boolean {
  return site.mode !== "Custom" || store.provider !== "express-session";
}

/** @throws InputError with all that no model of ours knows, each with what helps. */
export function refuseUnmodelled(scenario: Scenario): void {
  const { name, site, store, workload, calibration, run } = scenario;
  const problems: Problem[] = [];
  if (workload.population !== undefined) {
    problems.push({
      at: "workload.population",
      given: `${workload.population.sessions} sessions`,
      expected: "none: in a simulation every visit is somebody new",
      mend: 'leave it out, or use "sessionlab bench"',
    });
  }
  if (site.mode === "Custom" && store.provider === "sealed-cookie") {
    problems.push({
      at: "store.provider",
      given: store.provider,
      expected:
        "a store that keeps sessions: here the client keeps them, and there is nothing to be stored, capped or locked",
      mend: 'use "sessionlab bench", or mode Off with what sealing a cookie costs in the cpuMs of the pages',
    });
  }
  if (run.fidelity === "population" && (site.recycleAfterRequests ?? site.recycleAtMemoryBytes) !== undefined) {
    problems.push({
      at: site.recycleAfterRequests === undefined ? "site.recycleAtMemoryMB" : "site.recycleAfterRequests",
      given: "with fidelity population",
      expected:
        "recycles by the clock alone: visits are walked ahead there, and who comes first to a worker is not known",
      mend: "use fidelity: requests, or recycleEveryMinutes",
    });
  }
  const { fixedBytes } = calibration.memory;
  if (site.mode === "InProc" && (site.recycleAtMemoryBytes ?? fixedBytes) < fixedBytes) {
    const megabytes = (bytes: number) => String(Number((bytes / 1024 / 1024).toPrecision(3)));
    problems.push({
      at: "site.recycleAtMemoryMB",
      given: megabytes(site.recycleAtMemoryBytes ?? 0),
      expected: `more than the ${megabytes(fixedBytes)} MB that a worker takes without any session (${calibration.name})`,
      mend: "raise it",
    });
  }
  problems.push(...faultProblems(scenario), ...storeFaultProblems(scenario));
  if (problems.length > 0) throw new InputError(`Cannot simulate "${name}"`, problems);
}

/** Whether a store keeps its sessions when it is killed must be known, and it must be a process for that. */
function storeFaultProblems({ store, faults }: Scenario): Problem[] {
  const { provider } = store;
  const killed = faults.find(({ kind }) => kind === "kill-store");
  const struck = provider === "sqlite" ? faults.find(strikesStore) : killed;
  const unknown = provider === "express-session" || provider === "module";
  if (struck === undefined || !(provider === "sqlite" || unknown)) return [];
  return [
    {
      at: "faults",
      given: `${struck.kind} with ${store.module ?? provider}`,
      expected: unknown
        ? "a store of which it is known whether it keeps sessions over a kill: state-server, redis, or a database"
        : "a store that is a process of its own: sqlite is part of the worker",
      mend: "take one of these that behaves alike, or leave the fault out",
    },
  ];
}
