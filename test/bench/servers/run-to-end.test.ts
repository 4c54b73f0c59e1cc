import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { hasEnded } from "../../../bench/servers/process-end.ts";
import { runToEnd } from "../../../bench/servers/run-to-end.ts";
import { childrenOf, until } from "../processes.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const modulePath = new URL("../../../bench/servers/run-to-end.ts", import.meta.url).href;

/** A process that prepares data for ever, by a shell whose child does the work and is the name of the file it has made. */
async function startPreparing(folder: string) {
  const script = `
    import { rmSync } from "node:fs";
    import { runToEnd } from ${JSON.stringify(modulePath)};
    process.on("exit", () => rmSync(${JSON.stringify(folder)}, { recursive: true }));
    process.on("SIGTERM", () => process.exit(0));
    const make = 'sleep 600 & touch "worker-$!"; wait';
    await runToEnd("/bin/sh", ["-c", make], { cwd: ${JSON.stringify(folder)}, user: null });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  const made: string[] = [];
  await until("it has begun", async () => {
    made.splice(0, 1, ...(await readdir(folder)));
    // The shell and the guard: who is killed between starting the one and the other, for a millisecond, leaves something behind.
    return made.length > 0 && (await childrenOf(parent.pid!)).length === 2;
  });
  return { parent, worker: Number(made[0].slice("worker-".length)) };
}

describe("data half made", () => {
  test.each(["SIGTERM", "SIGKILL"] as const)("goes, and whoever makes it ends, when %s ends us", async (signal) => {
    const folder = await temporaryFolder();
    const { parent, worker } = await startPreparing(folder);
    expect(hasEnded(worker)).toBe(false);
    const ended = once(parent, "exit");
    parent.kill(signal);
    await ended;
    await until("the worker has ended", () => hasEnded(worker));
    await until("the folder is gone", () =>
      access(folder).then(
        () => false,
        () => true,
      ),
    );
  });
});

test("a program that fails is told with the end of what it printed", async () => {
  const folder = await temporaryFolder();
  const failing = runToEnd("/bin/sh", ["-c", "echo no room left; exit 3"], { cwd: folder, user: null });
  await expect(failing).rejects.toThrow(/ended with exit code 3:\nno room left/);
  await access(folder);
});
