import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ConformanceReport } from "../../bench/conformance/run-conformance.ts";
import { childrenOf, isRunning, until } from "../bench/processes.ts";
import { temporaryFolder } from "../bench/temporary-folder.ts";
import { runCli } from "./run-cli.ts";
import { runHere } from "./run-here.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

async function moduleOf(text: string): Promise<string> {
  const file = path.join(await temporaryFolder(), "store.mjs");
  await writeFile(file, text);
  return file;
}

describe("the verdicts", () => {
  test("are one line a rule, with what was seen and where the rule is written down", () => {
    const run = runCli(["verify-store", "in-proc", "--rule", "lock-excludes", "first-lock-id", "lock-ends-by-itself"]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^in-proc: in process, Node\.js 24/);
    expect(lines[1]).toMatch(
      /^✓ lock-excludes: .*; seen: a locked session \(lock id 2, .*\[.*InProcStateClientManager\.cs.*\]$/,
    );
    expect(lines[2]).toMatch(/^✓ first-lock-id: .*; seen: lock ids 2, 3, 4 \[.*StateRuntime\.cs.*\]$/);
    expect(lines[3]).toMatch(
      /^– lock-ends-by-itself: .*; does not apply: its locks are not meant to end by themselves \[.*\]$/,
    );
    expect(lines.slice(4)).toEqual(["", "2 of 2 rules hold; 1 does not apply."]);
  });

  test("of a store without locks say that the rules about locks fail as declared, and the exit code is 0", async () => {
    const run = await runHere(["verify-store", "MemoryStore", "--rule", "no-lost-update", "plain-values", "--json"]);
    expect(run.exitCode).toBe(0);
    const report = JSON.parse(run.stdout) as ConformanceReport;
    expect(report.rules.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["no-lost-update", "fails as declared"],
      ["plain-values", "holds"],
    ]);
    expect(report.rules[0].evidence).toMatch(
      /^no exclusive locks: 30 changes made: expected a count of 30, saw \d+; \d+ lost$/,
    );
    expect(report.summary).toMatchObject({ holds: 1, fails: 0, failsAsDeclared: 1, doesNotApply: 0, notJudged: 0 });
  });

  test("of a module that forgets what it is given name what was expected and what was seen, and the exit code is 1", async () => {
    const file = await moduleOf(`
      const sessions = new Map();
      export const createStore = () => ({
        get: (id, done) => done(null, sessions.get(id)),
        set: (id, { cookie }, done) => { sessions.set(id, { cookie, items: { n: 0 } }); done(); },
        destroy: (id, done) => { sessions.delete(id); done(); },
      });`);
    const run = await runHere(["verify-store", file, "--rule", "new-is-found", "unknown-id"]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/✗ new-is-found: .*; FAILS: .*expected \{ n: 1, name: 'Ed' \}, saw \{ n: 0 \}/);
    expect(run.stdout).toMatch(/✓ unknown-id/);
    expect(run.stdout).toMatch(/1 of 2 rules hold; 1 fails\.\n$/);
  });

  test("say nothing when the store goes away under way, and the exit code is 3", async () => {
    const file = await moduleOf(`
      let calls = 0;
      const answer = (done, value) => {
        const gone = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
        if (++calls > 4) done(gone); else done(null, value);
      };
      export const createStore = () => ({
        get: (id, done) => answer(done),
        set: (id, session, done) => answer(done),
        destroy: (id, done) => answer(done),
      });`);
    const run = runCli(["verify-store", file, "--rule", "new-is-found", "plain-values"]);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/went away under way.*ECONNREFUSED/);
  });
});

describe("wrong input is told in one go, and the exit code is 2:", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a slip in the name", ["redsi"], /store is "redsi".*write "redis"/],
    ["a name cut short", ["postgre"], /store is "postgre".*write "postgresql"/],
    ["a module that is not there", ["./nothing.mjs"], /nothing\.mjs.*mend the path/],
    [
      "a rule that there is not",
      ["in-proc", "--rule", "lock-exclude"],
      /--rule is "lock-exclude".*did you mean lock-excludes\?/,
    ],
    ["two wrong options", ["in-proc", "--option", "minutes=1", "minuteMs=0"], /minutes.*\n.*minuteMs is "0"/s],
    ["a store that does not answer", ["redis", "--connection", "redis://:secret@127.0.0.1:1"], /ECONNREFUSED/],
    ["a server that we cannot start", ["sqlserver"], /SQL Server/],
  ];
  test.each(cases)("%s", async (_what, args, message) => {
    const words = ["verify-store", ...args];
    // Where a connection was tried, the program must also end by itself.
    const run = args.includes("--connection") ? runCli(words) : await runHere(words);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toContain("secret@");
  });
});

describe("nothing is left behind:", () => {
  test("a store in use keeps its sessions, expired ones too, and none of ours", async () => {
    const file = path.join(await temporaryFolder(), "sessions.db");
    const first = await runHere(["verify-store", "sqlite", "--connection", file, "--rule", "new-is-found"]);
    expect(first.exitCode).toBe(0);
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO ASPStateTempSessions
      (SessionId, Created, Expires, LockDate, LockCookie, Timeout, Locked, SessionItem) VALUES ('theirs', 1, 2, 1, 1, 20, 0, x'00')`);
    const rules = ["census", "expired-deleted", "one-winner", "lock-excludes", "put-on-locked", "slide-by-read"];
    const run = runCli(["verify-store", "sqlite", "--connection", file, "--rule", ...rules]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/\? expired-deleted: .*; not judged: .*--delete-expired/);
    expect(database.prepare("SELECT SessionId FROM ASPStateTempSessions").all()).toEqual([{ SessionId: "theirs" }]);
    const allowed = await runHere([
      "verify-store",
      "sqlite",
      "--connection",
      file,
      "--delete-expired",
      "--rule",
      "expired-deleted",
    ]);
    expect(allowed.stdout).toMatch(/✓ expired-deleted/);
    expect(database.prepare("SELECT SessionId FROM ASPStateTempSessions").all()).toEqual([]);
    database.close();
  });

  test("an interrupt stops the server that was started and removes its files", async () => {
    const temporary = path.join(await temporaryFolder(), "tmp");
    await mkdir(temporary);
    const child = spawn(process.execPath, [main, "verify-store", "state-server", "--rule", "lock-lasts"], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit");
    const pid = child.pid ?? 0;
    await until("the state server runs", async () => (await childrenOf(pid)).length > 0);
    const servers = await childrenOf(pid);
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await until("the state server is gone", () => servers.every((server) => !isRunning(server)));
    expect(await readdir(temporary)).toEqual([]);
  });
});
