// The first look at a site, before any load: two visitors come and come back, a few made-up cookies are tried, and out of that comes
// where the site carries its session. A dozen requests or so, one after another.

import { InputError } from "../../../config/problem.ts";
import type { Clock } from "../../clock.ts";
import { createBrowser, type Surfer } from "../http/browser.ts";
import { createCookieJar } from "../http/cookie-jar.ts";
import { type Answered, type ClientRequest, type Reply, USER_AGENT } from "../http/http-client.ts";
import { followTo } from "../http/redirects.ts";
import { readSetCookie } from "../http/set-cookie.ts";
import { type CookieSighting, type CookieVerdict, judgeCookies, SCORE_MIN } from "./session-cookie.ts";
import { addressId, type SessionCarrier } from "./session-watch.ts";
import type { SiteAddress } from "./site-address.ts";

/** Pages that are looked at, and cookies that are tried out, at most. */
const PAGES_MAX = 4;
const CANDIDATES_MAX = 4;
const MADE_UP = "sessionlab-made-this-up-0123456789";

export interface ProbeParts {
  readonly site: SiteAddress;
  /** Addresses of pages, the most important first. */
  readonly paths: readonly string[];
  readonly send: (request: ClientRequest) => Promise<Reply>;
  readonly clock: Clock;
  /** The user's own word for it; null: find it. */
  readonly sessionCookie: string | null;
  /** The run has been ended already: what is silent from then on says nothing about the site. */
  readonly isOver: () => boolean;
}

export interface ProbeFinding {
  readonly carrier: SessionCarrier;
  /** Why it is taken for the session; empty when there is none. */
  readonly reasons: readonly string[];
  /** Other cookies, with the strongest reason against each. */
  readonly others: readonly string[];
  /** A well-formed id that the site never gave is taken as it is: a session that is no more comes back under its old id. */
  readonly adoptsIds: boolean;
}

interface Sighting {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly lifetimeMs: number | null;
  readonly httpOnly: boolean;
}

/** @throws InputError where nobody answers at the address, or the site is elsewhere. */
export async function probeSite(parts: ProbeParts): Promise<ProbeFinding> {
  const paths = parts.paths.slice(0, PAGES_MAX);
  const first = newcomer(parts);
  expectSite(parts, await first.visit(paths[0]), paths[0]);
  for (const path of paths.slice(1)) await first.visit(path);
  const inAddress = addressId(first.surfer.segment) !== null;
  if (inAddress && parts.sessionCookie === null) {
    const reasons = ["the site puts it into the address by a redirect, as ASP.NET does without cookies"];
    return { carrier: { kind: "address" }, reasons, others: [], adoptsIds: false };
  }
  const sightings = await sightCookies(parts, first);
  const verdicts = judgeCookies(sightings);
  const chosen = choose(verdicts, parts.sessionCookie);
  if (chosen === null)
    return { carrier: { kind: "none" }, reasons: [], others: verdicts.map(against), adoptsIds: false };
  const { name, holdsState } = chosen;
  const sighting = sightings.find((seen) => seen.name === name);
  return {
    carrier: { kind: "cookie", name, holdsState },
    reasons: chosen.reasons,
    others: verdicts.filter((verdict) => verdict !== chosen).map(against),
    adoptsIds: sighting !== undefined && !(await replaces(parts, sighting, anotherId(sighting.values[0]))),
  };
}

function choose(verdicts: readonly CookieVerdict[], told: string | null): CookieVerdict | null {
  if (told === null) return verdicts.find(({ score }) => score >= SCORE_MIN) ?? null;
  const seen = verdicts.find(({ name }) => name === told);
  const reasons = ["you named it", ...(seen === undefined ? ["the first look did not see it"] : [])];
  return { name: told, score: SCORE_MIN, reasons, holdsState: seen?.holdsState ?? false };
}

/** "lang (all visitors get the same value)". */
function against({ name, reasons }: CookieVerdict): string {
  const doubts = reasons.filter((reason) => /^by its name|same value|as it is|months|too short/.test(reason));
  return doubts.length === 0 ? name : `${name} (${doubts.join(", ")})`;
}

async function sightCookies(parts: ProbeParts, first: Newcomer): Promise<CookieSighting[]> {
  const given = firstOfEach(first.seen);
  if (given.length === 0) return [];
  const second = newcomer(parts);
  for (const path of new Set(given.map(({ path }) => path))) await second.visit(path);
  const before = first.seen.length;
  for (const path of new Set(given.map(({ path }) => path))) await first.visit(path);
  const again = first.seen.slice(before);
  const sightings: CookieSighting[] = given.map(({ name, value, path, lifetimeMs, httpOnly }) => ({
    name,
    path,
    values: [value, second.seen.find((cookie) => cookie.name === name)?.value ?? null],
    lifetimeMs,
    httpOnly,
    changedOnReturn: again.some(
      (cookie) => cookie.name === name && cookie.value !== lastOf(first.seen.slice(0, before), name),
    ),
    madeUpReplaced: null,
  }));
  const likely = judgeCookies(sightings)
    .slice(0, CANDIDATES_MAX)
    .map(({ name }) => name);
  const tried: CookieSighting[] = [];
  for (const sighting of sightings) {
    const madeUpReplaced = likely.includes(sighting.name) ? await replaces(parts, sighting, MADE_UP) : null;
    tried.push({ ...sighting, madeUpReplaced });
  }
  return tried;
}

/** Whether a visitor who brings this value is given another. */
async function replaces(parts: ProbeParts, { name, path }: CookieSighting, value: string): Promise<boolean> {
  const { visit, surfer, seen } = newcomer(parts);
  surfer.jar.store(`${name}=${value}; path=/`, path, parts.clock());
  await visit(path);
  return seen.some((cookie) => cookie.name === name && cookie.value !== value);
}

interface Newcomer {
  readonly surfer: Surfer;
  /** Every cookie that he was given, in order; one that was taken back is none. */
  readonly seen: readonly Sighting[];
  visit(path: string): Promise<Reply | null>;
}

function newcomer({ site, send, clock }: ProbeParts): Newcomer {
  const seen: Sighting[] = [];
  let visiting = "/";
  const browse = createBrowser({
    async send(request) {
      const reply = await send(request);
      if (reply.kind === "answered") note(reply);
      return reply;
    },
    port: () => site.port,
    origin: site.origin,
    clock,
    whenEnded: new Promise(() => undefined),
    onRedirect: () => undefined,
  });
  function note(answer: Answered): void {
    for (const header of answer.setCookies) {
      const cookie = readSetCookie(header, clock());
      if (cookie === null || (cookie.lifetimeMs !== null && cookie.lifetimeMs <= 0)) continue;
      const { name, value, lifetimeMs, httpOnly } = cookie;
      seen.push({ name, value, lifetimeMs, httpOnly, path: visiting });
    }
  }
  const jar = createCookieJar(site.tls !== null);
  const surfer: Surfer = { jar, address: "", userAgent: USER_AGENT, segment: "" };
  return {
    surfer,
    seen,
    visit(path) {
      visiting = path;
      return browse(surfer, path);
    },
  };
}

function firstOfEach(seen: readonly Sighting[]): Sighting[] {
  return [...new Map(seen.toReversed().map((cookie) => [cookie.name, cookie])).values()].reverse();
}

function lastOf(seen: readonly Sighting[], name: string): string | undefined {
  return seen.findLast((cookie) => cookie.name === name)?.value;
}

/** Of the same form, and never given: each run of letters and digits backwards, what is written as %3A left as it is. */
export function anotherId(id: string): string {
  const run = /%[0-9A-Fa-f]{2}|[A-Za-z0-9]{4,}/g;
  return id.replace(run, (part) => (part.startsWith("%") ? part : [...part].reverse().join("")));
}

function expectSite({ site, isOver }: ProbeParts, reply: Reply | null, path: string): void {
  const refuse = (given: string, expected: string, mend: string) => {
    const at = `${site.origin}${path.split("?", 1)[0]}`;
    return new InputError("Cannot run", [{ at, given, expected, mend }]);
  };
  if (reply === null || isOver()) return;
  if (reply.kind === "broken") {
    const { failure } = reply;
    if (failure.startsWith("certificate") && site.tls !== null) {
      throw refuse(
        `no site to trust: ${failure}`,
        "a certificate that this machine trusts",
        "add --insecure for a test site",
      );
    }
    if (failure === "no TLS there") throw refuse("without TLS", "TLS behind https://", "try http://");
    throw refuse(`silent: ${failure}`, "a site that answers", "start it, or check host and port");
  }
  const { status, location } = reply;
  const leads = status >= 300 && status < 400 && location !== null && followTo(path, location, site.origin) === null;
  if (leads) {
    const target = URL.parse(location, site.origin)?.origin ?? "elsewhere";
    throw refuse(`a redirect to ${target}`, "a page of this site", "give the address that it leads to");
  }
}
