// sessionlab verify-store: the conformance kit as a command. A store is asked, rule by rule, whether it does what ASP.NET's session
// module counts on. Only sessions of its own are touched, and they are removed; whatever was started is stopped, Ctrl-C or not.

import { styleText } from "node:util";
import { Command, Option } from "commander";
import { type Model, models } from "../bench/conformance/behaviour.ts";
import { openSubject } from "../bench/conformance/open-subject.ts";
import type { RuleResult, Subject, Verdict } from "../bench/conformance/rule.ts";
import { type ConformanceReport, runConformance } from "../bench/conformance/run-conformance.ts";
import { StoreError } from "../bench/providers/store-error.ts";
import { storeProviders } from "../config/scenario.ts";
import { INTERRUPTED } from "./exit-codes.ts";
import { createInterrupt } from "./interrupt.ts";
import { createProgress } from "./progress.ts";
import { terminal } from "./terminal.ts";
import { readRules, readStoreOptions } from "./verify-store-options.ts";

interface VerifyOptions {
  readonly connection?: string[];
  readonly option?: string[];
  readonly rule?: string[];
  readonly like?: Model;
  readonly deleteExpired?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const SHORT_MINUTE = "0.4 s";
const RULE_FAILED = 1;
const STORE_WENT_AWAY = 3;

export function verifyStoreCommand(): Command {
  const providers = storeProviders.filter((name) => name !== "express-session" && name !== "module").join(", ");
  return new Command("verify-store")
    .summary("conformance of a session store: locks, expiry, late writers, concurrency, large items, clocks")
    .description(
      "Asks a session store, rule by rule, whether it does what ASP.NET's session module counts on, and cites for each rule where it " +
        "is written down. A store without locks must fail just the rules about locks, and is then said to fail as declared.",
    )
    .argument(
      "<store>",
      `a provider (${providers}), the package of an express-session store (memorystore, connect-redis, …), or the path of a module`,
    )
    .option("--connection <string...>", "where it is; several are partitions; default: what we can start is started")
    .option("--option <key=value...>", "applicationId, minuteMs, executionTimeoutMs, compression, … of the store")
    .option("--rule <id...>", "only these rules")
    .addOption(new Option("--like <store>", "what a module of your own stands for").choices([...models]))
    .option("--delete-expired", "the deletion of expired sessions may be started in a store that is in use")
    .option("--json", "print the verdicts as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
✓ the rule holds   ✗ it does not, and what was seen   – it does not apply, or fails as declared   ? it could not be judged

Your store is not harmed: every session has a random id of 24 characters and is removed when its rule is done; a store that makes its
tables makes them. SQL stores keep one row for each application, here /LM/W3SVC/1/ROOT/sessionlab and …/sessionlab-other. Expired
sessions of others are deleted only with --delete-expired.

Without --connection a state server, PostgreSQL (it comes with this package), MariaDB or Redis is started on a free port of the
loopback address and removed afterwards. There a minute of session timeout lasts ${SHORT_MINUTE}; the state service and SQL Server that you
name count real minutes, so that the rules about expiry take two to three minutes.

Exit codes: 0 every rule holds, or fails as declared; 1 a rule fails; 2 the input was wrong or the store cannot be reached;
3 the store went away under way.

Examples:
  sessionlab verify-store postgresql
  sessionlab verify-store connect-redis --json | jq .summary
  sessionlab verify-store state-server --connection tcpip=10.0.0.5:42424
  sessionlab verify-store sqlserver --connection "data source=db1;user id=asp;password=…" --rule lock-excludes lock-break
  sessionlab verify-store ./my-provider.mjs --connection my://host --like database`,
    )
    .action(async (name: string, options: VerifyOptions) => {
      const chosen = readRules(options.rule);
      const request = {
        name,
        connections: options.connection ?? [],
        ...readStoreOptions(options.option ?? []),
        like: options.like ?? null,
        mayDelete: options.deleteExpired === true,
      };
      const quiet = options.quiet === true;
      const progress = createProgress(`verifying ${name}`, quiet);
      const interrupt = createInterrupt(() => {
        progress.stop();
        if (!quiet) process.stderr.write("Removing our sessions and stopping; Ctrl-C again ends everything at once.\n");
      });
      try {
        const { subject, close } = await openSubject(request);
        try {
          let done = 0;
          const report = await runConformance(subject, {
            rules: chosen,
            signal: interrupt.signal,
            onResult({ id }) {
              if (!interrupt.signal.aborted) progress.update(++done / chosen.length, id);
            },
          });
          progress.stop();
          process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
          process.exitCode = await exitCode(report, subject);
        } finally {
          progress.stop();
          await close();
        }
      } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        process.exitCode = INTERRUPTED;
      } finally {
        interrupt.release();
      }
    });
}

/** A store that is gone after rules failed has failed them by going away. */
async function exitCode(report: ConformanceReport, { opened }: Subject): Promise<number> {
  if (report.summary.fails === 0) return 0;
  try {
    await opened.store.getItem("sessionlab-still-there");
  } catch (error) {
    if (error instanceof StoreError && (error.kind === "unreachable" || error.kind === "timeout")) {
      process.stderr.write(`The store went away under way; what failed after that says nothing: ${error.message}\n`);
      return STORE_WENT_AWAY;
    }
  }
  return RULE_FAILED;
}

function asText({ store, engine, rules: results, summary }: ConformanceReport): string {
  const { color } = terminal();
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const lines = results.map((result) => {
    const { sign, format } = signs[result.verdict];
    const rule = `${paint(format, sign)} ${paint("bold", result.id)}: ${result.title}${seen(result)}`;
    return `${rule} ${paint("dim", `[${result.source}]`)}`;
  });
  return `${[paint("bold", `${store}: ${engine}`), ...lines, "", `${summary.text}.`].join("\n")}\n`;
}

const signs: Readonly<Record<Verdict, { sign: string; format: Parameters<typeof styleText>[0] }>> = {
  holds: { sign: "✓", format: "green" },
  fails: { sign: "✗", format: "red" },
  "fails as declared": { sign: "–", format: "yellow" },
  "does not apply": { sign: "–", format: "dim" },
  "not judged": { sign: "?", format: "yellow" },
};

function seen({ verdict, evidence }: RuleResult): string {
  switch (verdict) {
    case "holds":
      return `; seen: ${evidence}`;
    case "fails":
      return `; FAILS: ${evidence}`;
    default:
      return `; ${verdict}: ${evidence}`;
  }
}
