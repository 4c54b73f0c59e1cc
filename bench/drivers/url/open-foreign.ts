// Somebody's site made ready for a run: its address, a client that goes nowhere else, the bounds in between, and the first look that
// tells where it carries its session. Whatever happens, closing leaves nothing open.

import type { Scenario } from "../../../config/scenario.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { machineTimers } from "../../pace.ts";
import { createHttpClient, type HttpClient } from "../http/http-client.ts";
import { type Bounds, type Gate, openGate } from "./bounds.ts";
import { pathsOf } from "./foreign-site.ts";
import { type ProbeFinding, probeSite } from "./probe.ts";
import type { SiteAddress } from "./site-address.ts";

export interface UrlTarget {
  readonly site: SiteAddress;
  /** Addresses that take the place of the workload's pages, with equal shares; empty: the workload's own. */
  readonly pages: readonly string[];
  /** null: found by itself. */
  readonly sessionCookie: string | null;
  readonly bounds: Bounds;
}

export interface ForeignRun {
  /** As it is lived here: the site's own address, pages and cookie in the place of the scenario's. */
  readonly scenario: Scenario;
  readonly gate: Gate;
  readonly client: HttpClient;
  readonly finding: ProbeFinding;
  /** Aborted by the user's interrupt and by a bound that was reached. */
  readonly over: AbortSignal;
  close(): void;
}

/** Beyond the execution timeout, silence is a failure. */
const SILENCE_SLACK_MS = 10_000;

/** @throws InputError where nobody answers at the address, or the site is elsewhere. */
export async function openForeign(scenario: Scenario, target: UrlTarget, options: BenchOptions): Promise<ForeignRun> {
  const { site } = target;
  const over = new AbortController();
  const client = createHttpClient({
    silenceMaxMs: scenario.site.executionTimeoutMs + SILENCE_SLACK_MS,
    lockWaitHeader: null,
    tls: site.tls,
    foreign: { address: site.address, hostHeader: site.hostHeader },
  });
  const gate = openGate({
    bounds: target.bounds,
    send: client.send,
    clock: machineClock,
    wakeAfter: machineTimers(machineClock).wakeAfter,
    onReached: () => over.abort(),
  });
  const interrupt = () => over.abort();
  options.signal.addEventListener("abort", interrupt);
  if (options.signal.aborted) interrupt();
  const close = () => {
    options.signal.removeEventListener("abort", interrupt);
    gate.close();
    client.close();
  };
  const cutProbe = () => {
    gate.close();
    client.close();
  };
  over.signal.addEventListener("abort", cutProbe);
  try {
    options.onProgress({ share: 0, note: `looking at ${site.origin}` });
    const pages = pagesOf(scenario, target);
    const finding = await probeSite({
      site,
      paths: pathsOf(pages, site.startPath),
      send: gate.send,
      clock: machineClock,
      sessionCookie: target.sessionCookie,
      isOver: () => over.signal.aborted,
    });
    over.signal.removeEventListener("abort", cutProbe);
    return { scenario: livedHere(scenario, target, finding), gate, client, finding, over: over.signal, close };
  } catch (error) {
    close();
    throw error;
  }
}

function pagesOf({ workload }: Scenario, { pages }: UrlTarget): Scenario["workload"]["pages"] {
  return pages.length === 0
    ? workload.pages
    : pages.map((path) => ({ ...workload.pages[0], name: path, path, share: 1 }));
}

function livedHere(scenario: Scenario, target: UrlTarget, { carrier }: ProbeFinding): Scenario {
  const { site, workload } = scenario;
  return {
    ...scenario,
    site: {
      ...site,
      mode: "Custom",
      https: target.site.tls !== null,
      cookieName: carrier.kind === "cookie" ? carrier.name : site.cookieName,
      // What the visitors call themselves goes by this; they take cookies or they do not, and the site finds out by itself.
      cookieless: carrier.kind === "address" ? "UseUri" : "UseCookies",
    },
    workload: { ...workload, pages: pagesOf(scenario, target) },
    faults: [],
  };
}
