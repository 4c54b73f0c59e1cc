// What a simulation cannot say of a scenario, refused before it runs and not passed over; and the stores of mode Custom that it can.

import { InputError, type Problem } from "../config/problem.ts";
import type { Scenario } from "../config/scenario.ts";

/** Stores of express-session know no locks: every exclusive get succeeds at once, and the last of two writers wins. */
export function locksSessions({ site, store }: Pick<Scenario, "site" | "store">): boolean {
  return site.mode !== "Custom" || store.provider !== "express-session";
}

/** @throws InputError with all that no model of ours knows, each with what helps. */
export function refuseUnmodelled({ name, site, store, workload, faults }: Scenario): void {
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
  const unmodelled = [...new Set(faults.map(({ kind }) => kind))].filter((kind) => kind !== "recycle");
  if (unmodelled.length > 0) {
    problems.push({
      at: "faults",
      given: unmodelled.join(", "),
      expected: "recycle: a simulation knows no other fault so far",
      mend: 'leave the others out, or use "sessionlab bench", which strikes real processes and connections',
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot simulate "${name}"`, problems);
}
