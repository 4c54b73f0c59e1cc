// The kinds of requests that reach a site, and how many of each among a thousand: whether a request brings a session that is there, that
// is gone, or none, what its page does with it, and whether it changes it, decide which store calls it makes. A visit is walked request
// by request as a Markov chain over what has become of its session (the order of calls is that of sim/model/pipeline.ts).

import { power } from "../../config/elementary.ts";
import type { CountLaw, PageKind, Scenario, StoreOperation } from "../../config/scenario.ts";
import { tooLongShare } from "./sliding-session.ts";

/** A store call, and whether the state of the session travels with it. */
export interface Call {
  readonly operation: StoreOperation;
  readonly carriesState: boolean;
}

export interface RequestKind {
  /** Of all requests; those of all kinds add up to 1. */
  readonly share: number;
  readonly page: PageKind;
  readonly before: readonly Call[];
  readonly after: readonly Call[];
}

/** What a visitor has: no cookie; a session without state yet; one with it; a cookie whose session is gone. */
type Holding = "nothing" | "empty" | "filled" | "gone";
const holdings: readonly Holding[] = ["nothing", "empty", "filled", "gone"];
type Chances = Record<Holding, number>;

/** How a request of a page goes, by what the visitor has. */
interface Way {
  readonly page: PageKind;
  readonly chance: number;
  readonly calls: readonly [before: readonly Call[], after: readonly Call[]];
  readonly next: Holding;
}

/** Beyond these a visit goes on too seldom to be seen. */
const ALIVE_MIN = 1e-10;
const STEPS_MAX = 100_000;

/** Nobody refused, no process recycled, requests of one visitor one after another; in process, each visitor at one worker. */
export function requestKinds(scenario: Scenario): readonly RequestKind[] {
  const { workload } = scenario;
  const { share, requests } = workload.parallel;
  const gone = goneShare(scenario);
  const going = waysOf(scenario, false);
  const leaving = waysOf(scenario, true);
  const occupied: Record<"going" | "leaving", Chances> = { going: none(), leaving: none() };
  let now: Chances = { ...none(), nothing: 1 };
  for (let step = 1; step <= STEPS_MAX; step++) {
    const alive = chanceOfAtLeast(workload.requestsPerVisit, step);
    if (alive < ALIVE_MIN) break;
    const last = alive - chanceOfAtLeast(workload.requestsPerVisit, step + 1);
    const loggingOut = last * workload.logoutShare;
    note(occupied.going, now, alive - loggingOut);
    note(occupied.leaving, now, loggingOut);
    const alone = stepped(now, going);
    let [staying, left] = [alone, stepped(now, leaving)];
    for (let n = 0; n < requests && share > 0; n++) {
      note(occupied.going, staying, (alive - loggingOut) * share);
      note(occupied.going, left, loggingOut * share);
      staying = stepped(staying, going);
      left = stepped(left, going);
    }
    now = blend(alone, staying, share);
    const found = 1 - gone;
    now = {
      ...now,
      empty: now.empty * found,
      filled: now.filled * found,
      gone: now.gone + (now.empty + now.filled) * gone,
    };
  }
  const counted = withCookieless(scenario, occupied);
  const kinds = [...weighed(counted.going, going), ...weighed(counted.leaving, leaving)];
  const total = kinds.reduce((sum, kind) => sum + kind.share, 0);
  return kinds.map((kind) => ({ ...kind, share: kind.share / total }));
}

/** Who brings back no cookie is a newcomer each time, and logs out of nothing. */
function withCookieless({ workload }: Scenario, occupied: Record<"going" | "leaving", Chances>) {
  const cookieless = workload.withoutCookiesShare;
  const sum = (chances: Chances) => holdings.reduce((total, one) => total + chances[one], 0);
  const newcomers = (chances: Chances): Chances => ({
    ...scaled(chances, 1 - cookieless),
    nothing: chances.nothing * (1 - cookieless) + cookieless * sum(chances),
  });
  return { going: newcomers(occupied.going), leaving: newcomers(occupied.leaving) };
}

function weighed(chances: Chances, ways: Ways): readonly RequestKind[] {
  return holdings.flatMap((holding) =>
    chances[holding] === 0
      ? []
      : ways[holding].map(({ page, chance, calls: [before, after] }) => ({
          share: chances[holding] * chance,
          page,
          before,
          after,
        })),
  );
}

function stepped(from: Chances, ways: Ways): Chances {
  const to = none();
  for (const holding of holdings) {
    for (const { chance, next } of ways[holding]) to[next] += from[holding] * chance;
  }
  return to;
}

type Ways = Record<Holding, readonly Way[]>;

function waysOf(scenario: Scenario, abandons: boolean): Ways {
  const of = (holding: Holding) => ways(scenario, holding, abandons);
  return { nothing: of("nothing"), empty: of("empty"), filled: of("filled"), gone: of("gone") };
}

function ways({ site, workload }: Scenario, holding: Holding, abandons: boolean): readonly Way[] {
  const shares = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const off = site.mode === "Off";
  const classic = site.technology === "asp";
  return workload.pages.flatMap((page) => {
    const exclusive = classic && page.session !== "none" ? "read-write" : page.session;
    const session = off ? "none" : exclusive;
    const changed = page.session === "read-write" ? page.changedShare : 0;
    return [true, false].flatMap((changes): Way[] => {
      const chance = (page.share / shares) * (changes ? changed : 1 - changed);
      if (chance === 0) return [];
      const leaves = abandons && session === "read-write";
      const { before, after, next } = wayOf(holding, { session, changes, leaves, sessionStart: site.sessionStart });
      return [{ page, chance, calls: off || classic ? [[], []] : [before, after], next }];
    });
  });
}

interface WayOptions {
  readonly session: PageKind["session"];
  readonly changes: boolean;
  /** The session is abandoned. */
  readonly leaves: boolean;
  readonly sessionStart: boolean;
}

interface WayCalls {
  readonly before: readonly Call[];
  readonly after: readonly Call[];
  readonly next: Holding;
}

function wayOf(holding: Holding, { session, changes, leaves, sessionStart }: WayOptions): WayCalls {
  const call = (operation: StoreOperation, carriesState = false): Call => ({ operation, carriesState });
  const filled = holding === "filled";
  if (session === "none") {
    const before = holding === "nothing" ? [] : [call("resetItemTimeout", filled)];
    return { before, after: [], next: holding };
  }
  const get = call(session === "read-write" ? "getItemExclusive" : "getItem", filled);
  if (holding === "nothing" || (holding === "gone" && session === "read-only")) {
    const before = holding === "nothing" ? [] : [get];
    const stores = !leaves && (sessionStart || changes);
    if (!stores) return { before, after: [], next: holding };
    return { before, after: [call("setAndReleaseItemExclusive", changes)], next: changes ? "filled" : "empty" };
  }
  const before = holding === "gone" ? [get, call("createUninitializedItem"), get] : [get];
  if (leaves) return { before, after: [call("removeItem", filled)], next: "gone" };
  if (changes) return { before, after: [call("setAndReleaseItemExclusive", true)], next: "filled" };
  const after = session === "read-write" ? [call("releaseItemExclusive", filled)] : [];
  return { before, after, next: filled ? "filled" : "empty" };
}

/** Of the gaps between a visitor's requests, those after which his session is gone. */
function goneShare({ site, workload }: Scenario): number {
  if (site.mode === "Off" || site.timeoutMs === null) return 0;
  const revives = site.mode === "SQLServer";
  if (revives && site.deleteJobMs === null) return 0;
  const sweepMs = revives ? (site.deleteJobMs ?? 0) : site.expirySweepMs;
  return tooLongShare({ thinkMs: workload.thinkMs, timeoutMs: site.timeoutMs, sweepMs, revives });
}

function chanceOfAtLeast(law: CountLaw, count: number): number {
  if (law.kind === "fixed") return count <= law.value ? 1 : 0;
  if (law.kind === "geometric") return count === 1 ? 1 : law.mean === 1 ? 0 : power(1 - 1 / law.mean, count - 1);
  const total = law.weights.reduce((sum, weight) => sum + weight, 0);
  return law.values.reduce((sum, value, i) => (value >= count ? sum + law.weights[i] : sum), 0) / total;
}

function none(): Chances {
  return { nothing: 0, empty: 0, filled: 0, gone: 0 };
}

function note(into: Chances, chances: Chances, weight: number): void {
  for (const holding of holdings) into[holding] += chances[holding] * weight;
}

function scaled(chances: Chances, factor: number): Chances {
  return {
    nothing: chances.nothing * factor,
    empty: chances.empty * factor,
    filled: chances.filled * factor,
    gone: chances.gone * factor,
  };
}

function blend(first: Chances, second: Chances, share: number): Chances {
  const sum = scaled(first, 1 - share);
  note(sum, second, share);
  return sum;
}
