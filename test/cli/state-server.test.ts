import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { isListening, until } from "../bench/processes.ts";
import { openRaw, put, request } from "../bench/providers/state-server/raw-connection.ts";
import { runCli } from "./run-cli.ts";
import { runHere } from "./run-here.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly port: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exitCode: Promise<number | null>;
}

/** @returns when it listens. */
async function serve({ program = main, args = [] }: { program?: string; args?: string[] } = {}): Promise<Run> {
  const child = spawn(process.execPath, [program, "state-server", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  const exitCode = once(child, "close").then(([code]) => code as number | null);
  await until("it listens", () => /tcpip=.+:\d+"/.test(stdout) || child.exitCode !== null);
  const port = Number(/tcpip=.+:(\d+)"/.exec(stdout)?.[1]);
  return { child, port, stdout: () => stdout, stderr: () => stderr, exitCode };
}

test("names the address and the stateConnectionString, serves, and ends at Ctrl-C with its counters", async () => {
  const run = await serve();
  expect(run.stdout()).toBe(
    `Listening on 127.0.0.1:${run.port}; Ctrl-C stops it.\nstateConnectionString="tcpip=127.0.0.1:${run.port}"\n`,
  );
  const client = await openRaw(run.port);
  expect((await client.ask(put("/k", "state"))).status).toBe(200);
  expect((await client.ask(request("DELETE", "/k"))).status).toBe(200);
  expect((await client.ask(request("GET", "/k"))).status).toBe(404);
  run.child.kill("SIGINT");
  expect(await run.exitCode).toBe(0);
  await client.closed;
  expect(run.stdout()).toMatch(/sessions: 0 active, 1 abandoned, 0 timed out, 1 total/);
  expect(run.stdout()).toMatch(/answers: 2 ok, 1 not found, 0 locked, 0 refused/);
  expect(run.stderr()).toBe("");
  expect(await isListening(run.port)).toBe(false);
});

test("with --json every line is an object, the counters last", async () => {
  const run = await serve({ args: ["--json"] });
  run.child.kill("SIGTERM");
  expect(await run.exitCode).toBe(0);
  const [announced, counters] = run
    .stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(announced).toEqual({
    listening: `127.0.0.1:${run.port}`,
    stateConnectionString: `tcpip=127.0.0.1:${run.port}`,
  });
  expect(counters.sessions).toMatchObject({ active: 0, total: 0 });
});

test("a request under way is answered at Ctrl-C; a second Ctrl-C does not wait for one", async () => {
  const run = await serve();
  const [polite, endless] = [await openRaw(run.port), await openRaw(run.port)];
  polite.send("PUT /k HTTP/1.1\r\nContent-Length: 3\r\n\r\na");
  endless.send("GET /k");
  expect((await (await openRaw(run.port)).ask(request("GET", "/k"))).status).toBe(404);
  run.child.kill("SIGINT");
  await until("it takes no more", async () => !(await isListening(run.port)));
  expect((await polite.ask("bc")).status).toBe(200);
  // Those right after the first are still the first.
  await until("it has ended", () => run.child.exitCode !== null || !run.child.kill("SIGINT"));
  expect(await run.exitCode).toBe(130);
});

test.each([
  ["by a launcher, which passes on what a terminal has sent to all", main, 0],
  ["while the program ends", main, 5],
  ["through the package's own launcher", fileURLToPath(new URL("../../bin/sessionlab.js", import.meta.url)), 5],
])("a Ctrl-C that comes twice %s is one", async (_, program, afterMs) => {
  const run = await serve({ program });
  run.child.kill("SIGINT");
  await delay(afterMs);
  run.child.kill("SIGINT");
  expect(await run.exitCode).toBe(0);
  expect(run.stdout()).toContain("sessions: 0 active");
});

test("beyond loopback it warns that anybody may read and write", async () => {
  const run = await serve({ args: ["--host", "0.0.0.0"] });
  const warning = "Warning: 0.0.0.0 can be reached from other machines, and the protocol knows no password";
  await until("it warns, on another stream than it says where it listens", () => run.stderr().includes(warning));
  expect(run.stdout()).toContain(`stateConnectionString="tcpip=<this machine>:${run.port}"`);
});

test("the limits it is given are those it keeps", async () => {
  const run = await serve({ args: ["--memory-limit", "1", "--max-item", "1", "--max-connections", "1"] });
  const client = await openRaw(run.port);
  const mib = 1024 * 1024;
  expect((await client.ask(put("/k", "x".repeat(mib + 1)))).body).toContain("larger than this service takes");
  expect((await client.ask(put("/k", "x".repeat(mib)))).body).toContain("memory limit is reached");
  await (await openRaw(run.port)).closed;
  expect((await client.ask(put("/k", "x"))).status).toBe(200);
});

test("with a shorter minute sessions expire sooner", async () => {
  const run = await serve({ args: ["--minute-ms", "30"] });
  const client = await openRaw(run.port);
  expect((await client.ask(put("/k", "x", "Timeout: 1"))).status).toBe(200);
  // A request for it would keep it; two sweeps later nothing can.
  await delay(70);
  expect((await client.ask(request("GET", "/k"))).status).toBe(404);
});

describe("what it cannot do is the user's to mend, exit code 2", () => {
  test("a port that another program has", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const run = runCli(["state-server", "--port", String(port)]);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toBe(
      `Cannot listen: --port is ${port}, and another program listens there on 127.0.0.1; expected a free port; stop the other program, or give another port\n`,
    );
  });

  test.each([
    [["--host", "192.0.2.1"], /^Cannot listen: --host is "192\.0\.2\.1"/],
    [["--port", "65536"], /^Cannot run: --port is "65536"/],
    [["--memory-limit", "0"], /^Cannot run: --memory-limit is "0"/],
  ])("%j", async (args, message) => {
    const run = await runHere(["state-server", "--port", "0", ...args]);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toMatch(message);
  });
});

test("--selftest without redis-server says what to install, exit code 2", () => {
  const run = spawnSync(process.execPath, [main, "state-server", "--selftest", "--quiet"], {
    encoding: "utf8",
    env: { ...process.env, PATH: "" },
  });
  expect([run.status, run.stdout]).toEqual([2, ""]);
  expect(run.stderr).toBe(
    "Cannot start Redis: redis-server is missing; expected on the PATH; run apt-get install redis-server\n",
  );
});

test("--help gives examples and the line for web.config", async () => {
  const { stdout } = await runHere(["state-server", "--help"]);
  expect(stdout).toContain("Examples:\n  sessionlab state-server\n");
  expect(stdout).toContain('stateConnectionString="tcpip=127.0.0.1:42424"');
});
