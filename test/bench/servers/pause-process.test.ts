// A process that is paused stands still with all it has forked, and never stays so: not when we end, nor when we are killed.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { pauseProcess } from "../../../bench/servers/pause-process.ts";
import { childrenOf, until } from "../processes.ts";

describe.skipIf(process.platform !== "linux")("a paused process (looked at in /proc)", () => {
  test("stands still with its children, and goes on with them", async () => {
    const [parent, child] = await startFamily();
    const goOn = pauseProcess(parent);
    await until("both stand still", () => isStopped(parent) && isStopped(child));
    goOn();
    goOn();
    await until("both go on", () => !isStopped(parent) && !isStopped(child));
  });

  test.each(["SIGKILL", "SIGTERM"] as const)("goes on when who paused it ends by %s", async (signal) => {
    const [parent, child] = await startFamily();
    const script = `import { pauseProcess } from ${JSON.stringify(new URL("../../../bench/servers/pause-process.ts", import.meta.url).href)};
      pauseProcess(${parent}); setInterval(() => undefined, 1000);`;
    const pauser = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    onTestFinished(() => void pauser.kill("SIGKILL"));
    await until("both stand still", () => isStopped(parent) && isStopped(child));
    const ended = once(pauser, "exit");
    pauser.kill(signal);
    await ended;
    await until("both go on", () => !isStopped(parent) && !isStopped(child));
  });
});

/** A shell and what it has started, gone when the test is over. */
async function startFamily(): Promise<[number, number]> {
  const shell: ChildProcess = spawn("/bin/sh", ["-c", "sleep 60 & wait"], { stdio: "ignore", detached: true });
  const parent = shell.pid ?? 0;
  onTestFinished(() => void process.kill(-parent, "SIGKILL"));
  let children: number[] = [];
  await until("the shell has a child", async () => {
    children = await childrenOf(parent);
    return children.length > 0;
  });
  expect(children).toHaveLength(1);
  return [parent, children[0]];
}

/** T in the state that Linux gives it. */
function isStopped(pid: number): boolean {
  return /\) T/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
