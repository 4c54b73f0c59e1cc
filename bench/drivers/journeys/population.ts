// A fixed population: its sessions are stored before scenario time 0, and from then on every visit is one of its members with the
// cookies of his last visit, as YCSB loads its records before it reads and updates them. Storing them is no part of the figures.

import { InputError, type Problem } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { createMemberOf } from "../../../workload/population.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { createBrowser } from "../http/browser.ts";
import type { ClientRequest, Reply } from "../http/http-client.ts";
import { pathOfPage } from "./page-path.ts";
import { createPerson, type Person } from "./person.ts";

export interface Members {
  /** Whose visit this is. */
  of(visit: number): Person;
  /**
   * Stores a session for every member, a few at a time.
   * @param signal ends it early; those not stored by then come without one.
   * @throws InputError when the site does not take one.
   */
  store(by: StoreParts, signal: AbortSignal, onStored: (stored: number) => void): Promise<void>;
}

export interface StoreParts {
  readonly send: (request: ClientRequest) => Promise<Reply>;
  readonly port: () => number | Promise<number>;
}

/** Enough to keep a store busy, too few for any to refuse. */
const STORED_AT_ONCE = 16;

/** @returns null where every visit is somebody new. */
export function createMembers(scenario: Scenario): Members | null {
  const { site, workload, run } = scenario;
  const { population } = workload;
  if (population === undefined) return null;
  const journeys = createJourneys(workload, run.seed);
  const memberOf = createMemberOf(population, run.seed);
  const members = Array.from({ length: population.sessions }, (_, number) => createPerson(scenario, journeys, number));

  return {
    of: (visit) => members[memberOf(visit)],
    async store({ send, port }, signal, onStored) {
      const whenEnded = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      const browse = createBrowser({ send, port, clock: machineClock, whenEnded, onRedirect: () => undefined });
      const left = members.values();
      let stored = 0;
      let failed = false;
      async function storeNext(): Promise<void> {
        for (const member of left) {
          if (signal.aborted || failed) return;
          const reply = await browse(member, firstPage(site, journeys.stateBytes(member.number)));
          if (reply === null) return;
          failed = reply.kind === "broken" || reply.status >= 300;
          if (failed) throw notStored(scenario, reply.kind === "broken" ? reply.failure : reply.reason);
          onStored(++stored);
        }
      }
      await Promise.all(Array.from({ length: STORED_AT_ONCE }, storeNext));
    },
  };
}

function firstPage({ technology }: Scenario["site"], stateBytes: number): string {
  return pathOfPage(technology, "store", {
    session: "read-write",
    cpuMs: 0,
    waitMs: 0,
    changes: true,
    abandons: false,
    stateBytes,
    timeoutMinutes: null,
  });
}

function notStored({ name }: Scenario, answer: string): InputError {
  return new InputError(`Cannot bench "${name}"`, [
    {
      at: "workload.population",
      given: `not stored: the site answered "${answer}"`,
      expected: "a site and a store that take a session for every member",
      mend: "see to the store, or ask for fewer or smaller sessions",
    },
  ]);
}

/** @throws InputError for a population that cannot be stored beforehand, or not by this run. */
export function refusePopulation({ name, site, workload }: Scenario, options: BenchOptions): void {
  const { population } = workload;
  if (population === undefined) return;
  const problems: Problem[] = [];
  if (options.generators > 1) {
    problems.push({
      at: "--generators",
      given: String(options.generators),
      expected: "1 with workload.population: each member is one visitor with one cookie jar",
      mend: "leave it out",
    });
  }
  if (options.logFile !== undefined) {
    problems.push({
      at: "--log",
      given: options.logFile,
      expected: "no log with workload.population: its sessions begin before the time that the log has",
      mend: "leave it out",
    });
  }
  if (site.sessionsMax < population.sessions) {
    problems.push({
      at: "site.sessionsMax",
      given: String(site.sessionsMax),
      expected: `room for the ${population.sessions} sessions of workload.population`,
      mend: "raise it, or ask for fewer",
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot bench "${name}"`, problems);
}
