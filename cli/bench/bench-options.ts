// The options of sessionlab bench and its help.

import type { Command } from "commander";
import { type StoreOperation, type StoreProvider, storeProviders } from "../../config/scenario.ts";
import type { SessionMode } from "../../config/session-settings.ts";
import type { Change } from "../../config/vary.ts";
import { type BenchDriverName, benchDriverNames } from "../../metrics/run-result.ts";
import { type MinimumEffects, minimumEffect } from "../compare/minimum-effects.ts";
import {
  changeList,
  oneDriver,
  oneMode,
  oneProvider,
  operationList,
  positiveNumber,
  wholeNumber,
  wholeNumbers,
} from "../options.ts";
import type { UrlCommandOptions } from "./bench-url.ts";
import { type NamedProvider, providerList } from "./named-providers.ts";

export interface BenchCommandOptions extends UrlCommandOptions {
  readonly mode?: SessionMode;
  readonly provider?: StoreProvider;
  readonly module?: string;
  readonly providers?: readonly NamedProvider[];
  readonly rounds?: number;
  readonly connection?: string[];
  readonly driver?: BenchDriverName;
  readonly straight?: boolean;
  readonly sharedProcessors?: boolean;
  readonly generators?: number;
  readonly connectionsMax?: number;
  readonly stateBytes?: number[];
  readonly seconds?: number;
  readonly sessions?: number;
  readonly operations?: StoreOperation[];
  readonly concurrency?: number[];
  readonly faults?: string;
  readonly seed?: number;
  readonly timeScale?: number;
  readonly log?: string;
  readonly set?: readonly Change[];
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly selftest?: boolean;
  readonly against?: readonly string[];
  readonly calibrateNoise?: boolean;
  readonly budgetMinutes?: number;
  readonly blocksMax?: number;
  readonly build?: string;
  readonly noiseFile?: string;
  readonly waivers?: string;
  readonly minEffect?: MinimumEffects;
  readonly strict?: boolean;
  readonly force?: boolean;
}

/** Each of three parts of a turn has a few calls. */
const MICRO_SESSIONS_MIN = 18;

export function addScenarioOptions(command: Command): Command {
  return command
    .option("--mode <mode>", "in this mode instead of the scenario's", oneMode)
    .option("--provider <name>", `the store to drive: ${storeProviders.join(", ")}`, oneProvider)
    .option("--module <path>", "the provider of your own to drive, or for express-session the package of the store")
    .option("--providers <list>", "several stores, ranked: inproc,redis,express-session:memorystore", providerList)
    .option(
      "--rounds <n>",
      "with --providers: so often each, taking turns (default: 3)",
      wholeNumber("--rounds", 1, 100),
    )
    .option("--connection <string...>", "where it is; several are partitions; default: the bench starts one of its own")
    .option("--driver <name>", `what is done with it: ${benchDriverNames.join(", ")} (default: journeys)`, oneDriver)
    .option("--straight", "journeys, slo: no HTTP, the session module calls the store from the generator's own process")
    .option(
      "--shared-processors",
      "the site runs wherever generator and stores do, instead of on processors of its own (Linux, from two processors on)",
    )
    .option(
      "--generators <n>",
      "journeys, slo, saturation: processes that send the load",
      wholeNumber("--generators", 1, 64),
    )
    .option(
      "--connections-max <n>",
      "journeys, slo: requests that each of them has at the site at one time; who is due beyond that waits, and it counts",
      wholeNumber("--connections-max", 1, 10_000),
    )
    .option(
      "--state-bytes <list>",
      "sizes for micro and memory, as 1024,8192 (memory by itself spreads its sizes, unless all sessions of the scenario are alike)",
      wholeNumbers("--state-bytes", 0, 2 ** 26),
    )
    .option("--seconds <n>", "micro: measure so long (default: 20)", positiveNumber("--seconds", 3_600))
    .option(
      "--sessions <n>",
      "micro: so many in each turn (default: as many as fit)",
      wholeNumber("--sessions", MICRO_SESSIONS_MIN, 6_000),
    )
    .option("--operations <list>", "micro: only these calls, as getItem,removeItem", operationList)
    .option(
      "--concurrency <list>",
      "requests at once: several for locks, one for saturation",
      wholeNumbers("--concurrency", 1, 4096),
    )
    .option("--faults <kinds>", "only these of the scenario's faults, as pause-store,cut-store; or none")
    .option(
      "--set <key=value>",
      "a key of the scenario file with another value, as site.sessionsMax=700; again for more",
      changeList,
    )
    .option("--out <dir>", "write result.json and report.html there")
    .option("--json", "print the result as JSON")
    .option(
      "--seed <n>",
      "another seed than the scenario's; --against draws one anew",
      wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER),
    )
    .option("--time-scale <n>", "scenario time runs so many times faster", wholeNumber("--time-scale", 1, 100_000))
    .option("--log <file>", "the host writes an IIS W3C log there, in scenario time")
    .option("--quiet", "no progress")
    .option("--selftest", "whether this machine can be trusted to measure: pacing, clock, closed loop; about 40 s");
}

/** Of --against, and of --calibrate-noise as far as that says so. */
export function addAgainstOptions(command: Command): Command {
  return command
    .option(
      "--against <what>",
      "is this worse than a commit (HEAD~1, a tag), or than provider=…, mode=…, module=…, connection=…, scenario=…",
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      "--calibrate-noise",
      "what this machine's noise hides: runs that are all alike, in turns, and their noise kept",
    )
    .option(
      "--budget-minutes <n>",
      "--against: compare no longer than this (default: 10)",
      positiveNumber("--budget-minutes", 10_000),
    )
    .option(
      "--blocks-max <n>",
      "--against, --calibrate-noise: at most so many blocks of four runs (default: no limit, 16)",
      wholeNumber("--blocks-max", 1, 10_000),
    )
    .option("--build <command>", "--against: builds either side (default: npm run build, where it is needed)")
    .option(
      "--noise-file <file>",
      "--against, --calibrate-noise: where the noise is kept (default: in your state folder)",
    )
    .option("--waivers <file>", "--against: regressions that somebody has taken on, as for compare")
    .option(
      "--min-effect <key=size>",
      "--against: from which size on a metric's change matters, as for compare",
      minimumEffect,
    )
    .option("--strict", "--against: exit code 3 when nothing can be told")
    .option("--force", "--against: compare even what must not be compared, and say so");
}

export function addBenchHelp(command: Command): Command {
  return command.addHelpText(
    "after",
    `
One worker process, the store in a process of its own (but InProc). The scenario runs once, whatever its replications.
Without --connection the bench starts the state server, PostgreSQL (it comes with this package), MariaDB or Redis for itself,
on a free port of the loopback address and with data in a temporary folder, and removes them afterwards.
--providers ranks several stores by the p99 of response time (or by the main figure of --driver): all meet the same visitors, in
rounds that take turns; without a scenario, those of YCSB's workload A. --connection then says whose it is: redis=redis://localhost.
A store that cannot be started is named and left out, and the exit code is 3.
SQLServer mode is driven on PostgreSQL unless told otherwise: the same tables and rules, another engine; the report names it.
An option that the driver would not heed is refused.
Ctrl-C ends the load and reports what was measured until then, marked as cut short; a second Ctrl-C ends everything at once.
--url drives a site of somebody's: its session cookie is found by itself, every visitor has a cookie jar, and requests, seconds and
rate stay within their bounds whatever the scenario says. Pages are those of the scenario that have a path, or --page. Only GET.
--against compares what is here with a commit: both run from worktrees in a temporary folder, the candidate from the files as they are
when it begins, committed or not, in blocks of four fresh processes whose order is drawn, until every metric has its verdict or
--budget-minutes are over. In a project other than sessionlab --module names the provider whose commits are compared, by a path of the
project; node_modules are the project's own where both commits have the same lock file, else they are installed with npm ci.
Against "provider=redis" and its like the base is this program with another store, connection, or scenario of the same workload.
With --out every run is kept: sessionlab compare DIR/base DIR/candidate says the same again. Ctrl-C ends it with what there is.

Exit codes: 0 done, 1 a target was missed, or --against found a regression without a waiver, 2 the input was wrong,
            3 the run is invalid (generator late, host died) or was cut short, or --selftest found this machine unfit to measure,
            or --against was cut short before there was a verdict, or has none and --strict is given,
            130 ended by a second Ctrl-C.

Examples:
  sessionlab bench scenarios/lunch-hour.yaml
  sessionlab bench scenarios/lunch-hour.yaml --time-scale 240 --out out
  sessionlab bench scenarios/basket.yaml --mode StateServer
  sessionlab bench scenarios/basket.yaml --provider mariadb
  sessionlab bench scenarios/basket.yaml --provider redis --connection redis://localhost:6379
  sessionlab bench scenarios/basket.yaml --driver memory --provider redis --state-bytes 1024,8192
  sessionlab bench scenarios/basket.yaml --driver slo --mode StateServer
  sessionlab bench --providers inproc,stateserver,postgres,mariadb,redis,sqlite --out out
  sessionlab bench scenarios/ycsb-b.yaml --straight --providers redis,sqlite --connection redis=redis://localhost
  sessionlab bench scenarios/faults.yaml --mode StateServer --faults kill-store,cut-store
  sessionlab bench scenarios/lunch-hour.yaml --log u_ex.log && sessionlab fit u_ex.log
  sessionlab bench --selftest
  sessionlab bench --driver micro --against HEAD~1
  sessionlab bench --driver micro --operations getItem,setAndReleaseItemExclusive --against v1.2.0 --budget-minutes 5 --out out
  sessionlab bench --driver micro --module ./dist/store.js --against main --build "npm run build"
  sessionlab bench scenarios/basket.yaml --time-scale 240 --provider redis --against provider=postgres
  sessionlab bench --calibrate-noise --driver micro
  sessionlab bench --url http://127.0.0.1:8080/ --page /default.aspx --page /cart.aspx
  sessionlab bench --url http://127.0.0.1:8080/cart.aspx --driver locks`,
  );
}
