// sessionlab bench --url: the visitors of a scenario at a real site that nobody here wrote. This file reads the options that go with
// it; bench.ts prints and judges the result as any other.

import path from "node:path";
import type { Command } from "commander";
import type { BenchOptions } from "../../bench/bench-options.ts";
import { BOUNDS_LOOPBACK, BOUNDS_REMOTE } from "../../bench/drivers/url/bounds.ts";
import type { UrlTarget } from "../../bench/drivers/url/open-foreign.ts";
import { resolveSite } from "../../bench/drivers/url/site-address.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { DriverName, RunResult } from "../../metrics/run-result.ts";
import { type LoadedScenario, loadScenario } from "../load-scenario.ts";
import { flagOf, wholeNumber } from "../options.ts";
import { packageRoot } from "../package-root.ts";

export interface UrlCommandOptions {
  readonly url?: string;
  readonly page?: string[];
  readonly sessionCookie?: string;
  readonly remote?: boolean;
  readonly insecure?: boolean;
  readonly requestsMax?: number;
  readonly secondsMax?: number;
  readonly rateMax?: number;
}

type UrlDriver = (scenario: Scenario, target: UrlTarget, options: BenchOptions) => Promise<RunResult>;

const drivers: Partial<Readonly<Record<DriverName, () => Promise<UrlDriver>>>> = {
  journeys: async () => (await import("../../bench/drivers/url/run-url.ts")).runUrl,
  locks: async () => (await import("../../bench/drivers/url/run-url-locks.ts")).runUrlLocks,
};

const SMALL_SCENARIO = path.join(packageRoot, "scenarios", "any-site.yaml");

export function addUrlOptions(command: Command): Command {
  const [here, there] = [BOUNDS_LOOPBACK, BOUNDS_REMOTE];
  return command
    .option("--url <address>", "drive this site instead: any ASP.NET, Express or other site; the scenario says how")
    .option("--page <path>", "with --url: a page of it; may be repeated, all have equal shares", collect)
    .option("--session-cookie <name>", "with --url: its session cookie (default: found by itself)")
    .option("--remote", "with --url: the site is not on this machine, and I am allowed to load it")
    .option("--insecure", "with --url: any certificate will do")
    .option(
      "--requests-max <n>",
      `with --url: no more requests than this (default: ${here.requestsMax}; --remote: ${there.requestsMax})`,
      wholeNumber("--requests-max", 1, 1e9),
    )
    .option(
      "--seconds-max <n>",
      `with --url: no longer than this (default: ${here.secondsMax}; --remote: ${there.secondsMax})`,
      wholeNumber("--seconds-max", 1, 1e6),
    )
    .option(
      "--rate-max <n>",
      `with --url: no more requests in any second (default: ${here.perSecondMax}; --remote: ${there.perSecondMax})`,
      wholeNumber("--rate-max", 1, 1e5),
    );
}

function collect(text: string, before: string[] | undefined): string[] {
  if (/^\/(?!\/)[^\s#]*$/.test(text)) return [...(before ?? []), text];
  const expected = "an address from the root, as /cart?add=1";
  throw new InputError("Cannot run", [{ at: "--page", given: `"${text}"`, expected, mend: "begin it with a slash" }]);
}

/** @returns null without --url. @throws InputError for options that do not go together. */
export function urlOf(options: UrlCommandOptions & Readonly<Record<string, unknown>>): string | null {
  const { url } = options;
  const problems: Problem[] = [];
  const given = (names: readonly string[]) => names.filter((name) => options[name] !== undefined);
  if (url === undefined) {
    for (const name of given(ONLY_WITH_URL)) {
      problems.push({ at: flagOf(name), given: "without --url", expected: "--url beside it", mend: "add --url" });
    }
  } else {
    for (const name of given(NEVER_WITH_URL)) {
      const expected = "nothing about our own host and stores";
      problems.push({ at: flagOf(name), given: "together with --url", expected, mend: "leave it out" });
    }
  }
  if (problems.length > 0) throw new InputError("Cannot run", problems);
  return url ?? null;
}

const ONLY_WITH_URL = ["page", "sessionCookie", "remote", "insecure", "requestsMax", "secondsMax", "rateMax"];
const NEVER_WITH_URL = [
  "mode",
  "provider",
  "connection",
  "straight",
  "generators",
  "connectionsMax",
  "faults",
  "log",
  "stateBytes",
];

/** The scenario that was named, or a small one. @throws InputError */
export function loadUrlScenario(file: string | undefined): Promise<LoadedScenario> {
  return loadScenario(file ?? SMALL_SCENARIO);
}

/**
 * In the place of runBench.
 * @throws InputError for an address that cannot be driven.
 */
export async function benchUrl(
  url: string,
  scenario: Scenario,
  options: UrlCommandOptions,
  bench: BenchOptions,
): Promise<RunResult> {
  const load = drivers[bench.driver];
  if (load === undefined) {
    const expected = `${Object.keys(drivers).join(" or ")} with --url`;
    throw new InputError("Cannot run", [
      { at: "--driver", given: `"${bench.driver}"`, expected, mend: "change it, or leave --url out" },
    ]);
  }
  const { remote = false, insecure = false, page = [], sessionCookie = null } = options;
  if (bench.driver === "locks" && page.length > 1) {
    const expected = "one page with --driver locks: all requests of a session ask for the same";
    throw new InputError("Cannot run", [{ at: "--page", given: page.join(", "), expected, mend: "leave one of them" }]);
  }
  const site = await resolveSite(url, { remote, insecure });
  const bounds = site.loopback ? BOUNDS_LOOPBACK : BOUNDS_REMOTE;
  const drive = await load();
  return drive(
    scenario,
    {
      site,
      pages: page,
      sessionCookie,
      bounds: {
        requestsMax: options.requestsMax ?? bounds.requestsMax,
        secondsMax: options.secondsMax ?? bounds.secondsMax,
        perSecondMax: options.rateMax ?? bounds.perSecondMax,
      },
    },
    bench,
  );
}
