// `sessionlab fit`: access logs in, a workload file out, with the evidence for every figure in it.

import { writeFile } from "node:fs/promises";
import cliProgress from "cli-progress";
import { Command, Option } from "commander";
import { parseWorkload } from "../../config/parse-scenario.ts";
import { InputError } from "../../config/problem.ts";
import { createStyle } from "../../reports/text-table.ts";
import { workloadDocument } from "../../workload/fit/document.ts";
import { fitReport } from "../../workload/fit/report.ts";
import { type ClientsBy, sessionCookieNames } from "../../workload/log/client.ts";
import { createLogStudy, type LogEvidence, type StudyOptions } from "../../workload/log/study.ts";
import { terminal } from "../terminal.ts";
import { readLogs, totalBytes } from "./fit-logs.ts";
import { fitSummary } from "./fit-summary.ts";

interface FitOptions {
  readonly clients: string;
  readonly gapMinutes: string;
  readonly pagesOnly: boolean;
  readonly json: boolean;
  readonly out?: string;
  readonly quiet: boolean;
}

export function fitCommand(): Command {
  return new Command("fit")
    .description("fit a workload from access logs: arrivals, requests per session, think times")
    .argument("<log...>", "IIS W3C or NCSA common/combined logs, plain or gzip; - for standard input")
    .addOption(
      new Option(
        "--clients <how>",
        "tell clients by: auto, ip, ip+agent, cookie or cookie:NAME (NAME* for a beginning)",
      ).default("auto", "auto: the session cookie of ASP.NET or ASP where logged, else the address"),
    )
    .option("--gap-minutes <minutes>", "a longer gap between two requests of a client begins a new session", "20")
    .option("--pages-only", "leave out static files: images, scripts, styles and the like", false)
    .option("--json", "print everything as JSON", false)
    .option("--out <file>", "write the workload file here, for the workload key of a scenario")
    .option("--quiet", "no progress", false)
    .addHelpText(
      "after",
      `
A request whose client the log does not tell is left out and counted. With a cookie, that is each visitor's first request too,
unless the log has the response's Set-Cookie.

Examples:
  $ sessionlab fit u_ex250508.log
  $ sessionlab fit --pages-only --out workload.yaml logs/u_ex*.log.gz
  $ sessionlab fit --clients ip+agent --gap-minutes 30 --json access.log
  $ zcat access.log.*.gz | sessionlab fit -`,
    )
    .action(fit);
}

async function fit(files: string[], given: FitOptions): Promise<void> {
  const options = checkOptions(given);
  const total = await totalBytes(files);
  const study = createLogStudy(options);
  const progress = createProgress(total, given.quiet);
  let census: Awaited<ReturnType<typeof readLogs>>;
  try {
    census = await readLogs(files, study, progress.advance);
  } finally {
    progress.stop();
  }
  const evidence = study.end();
  refuseEmpty(evidence, files);
  const report = fitReport(census, evidence);
  if (given.out !== undefined) {
    const text = workloadDocument(report, commandLine(files, given));
    const problems = parseWorkload(text, given.out).problems;
    if (problems.length > 0) throw new Error(`the workload file just made is not valid: ${JSON.stringify(problems)}`);
    await write(given.out, text);
  }
  if (given.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const { color, columns } = terminal();
    process.stdout.write(fitSummary(report, createStyle(color), columns));
    const made =
      given.out === undefined ? "Add --out workload.yaml for a workload file." : `Workload file: ${given.out}`;
    process.stdout.write(`\n${made}\n`);
  }
}

function checkOptions({ clients, gapMinutes, pagesOnly }: FitOptions): StudyOptions {
  const problems = [];
  const minutes = Number(gapMinutes);
  const clientsBy = clientsByOf(clients);
  if (!(minutes > 0 && minutes <= 525_600)) {
    const mend = "leave it out to get 20";
    problems.push({ at: "--gap-minutes", given: `"${gapMinutes}"`, expected: "above 0, up to 525600", mend });
  }
  if (clientsBy === null) {
    const expected = "auto, ip, ip+agent, cookie or cookie:NAME";
    problems.push({ at: "--clients", given: `"${clients}"`, expected, mend: "leave it out to get auto" });
  }
  if (problems.length > 0 || clientsBy === null) throw new InputError("Cannot fit", problems);
  return { clientsBy, gapMs: Math.round(minutes * 60_000), pagesOnly };
}

function clientsByOf(text: string): ClientsBy | "auto" | null {
  if (text === "auto") return "auto";
  if (text === "ip" || text === "ip+agent") return { kind: text };
  if (text === "cookie") return { kind: "cookie", names: sessionCookieNames };
  if (!text.startsWith("cookie:")) return null;
  const names = text.slice("cookie:".length).split(",");
  return names.every((name) => name !== "" && name !== "*") ? { kind: "cookie", names } : null;
}

function refuseEmpty(evidence: LogEvidence, files: readonly string[]): void {
  if (evidence.sessions.sessions() > 0) return;
  const file = files.join(", ");
  const { dataRows, staticLeftOut, clientlessLeftOut, clientsBy } = evidence;
  const expected = "at least one request of a client that can be told";
  if (clientlessLeftOut > 0) {
    const what = clientsBy.kind === "cookie" ? `the cookie ${clientsBy.names.join(" or ")}` : "a client address";
    const given = `${dataRows} requests, none with ${what}`;
    throw new InputError("Cannot fit", [{ at: "the log", given, expected, mend: "choose another --clients", file }]);
  }
  const given = dataRows === 0 ? "without a request" : `${staticLeftOut} requests, all for static files`;
  const mend = dataRows === 0 ? "name another file" : "leave out --pages-only";
  throw new InputError("Cannot fit", [{ at: "the log", given, expected, mend, file }]);
}

/** The options that make the file what it is, in the words of a shell. */
function commandLine(files: readonly string[], { clients, gapMinutes, pagesOnly }: FitOptions): string {
  const word = (text: string) => (/^[\w./:,+*@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const pages = pagesOnly ? ["--pages-only"] : [];
  return ["sessionlab fit", "--clients", word(clients), "--gap-minutes", gapMinutes, ...pages, ...files.map(word)].join(
    " ",
  );
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    const problem = {
      at: "--out",
      given: `"${file}", not writable (${error.code})`,
      expected: "a file in a folder that is there",
    };
    throw new InputError("Cannot write the workload file", [{ ...problem, mend: "check the path" }]);
  });
}

interface Progress {
  advance(bytes: number): void;
  stop(): void;
}

const MIB = 1024 * 1024;

/** A bar on a terminal; elsewhere a line now and then, on stderr. Of a stream the total is not known. */
function createProgress(total: number, quiet: boolean): Progress {
  if (quiet) return { advance() {}, stop() {} };
  let read = 0;
  if (process.stderr.isTTY && total > 0) {
    const format = "reading {bar} {percentage}% of {total} MiB, {eta} s left";
    const bar = new cliProgress.SingleBar(
      { format, clearOnComplete: true, hideCursor: true },
      cliProgress.Presets.shades_classic,
    );
    let started = false;
    const startedAt = performance.now();
    return {
      advance(bytes) {
        read += bytes;
        if (!started && performance.now() - startedAt > 500) {
          started = true;
          bar.start(Math.ceil(total / MIB), 0);
        }
        if (started) bar.update(Math.round(read / MIB));
      },
      stop: () => bar.stop(),
    };
  }
  let saidAt = performance.now();
  return {
    advance(bytes) {
      read += bytes;
      if (performance.now() - saidAt < 5000) return;
      saidAt = performance.now();
      const of = total > 0 ? ` of ${Math.ceil(total / MIB)}` : "";
      process.stderr.write(`read ${Math.round(read / MIB)}${of} MiB\n`);
    },
    stop() {},
  };
}
