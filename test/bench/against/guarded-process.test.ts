import { describe, expect, test } from "vitest";
import { type Bounds, runProgram } from "../../../bench/against/guarded-process.ts";
import { isRunning, until } from "../processes.ts";

function run(script: string, bounds: Partial<Bounds> = {}) {
  const program = { file: "/bin/sh", args: ["-c", script], cwd: "/", env: process.env };
  return runProgram(program, { limitMs: 20_000, ...bounds });
}

describe("a program run to its end", () => {
  test("tells its exit code, its output, and the end of what it said", async () => {
    const lines: string[] = [];
    const ended = await run("echo out; echo err >&2; exit 3", { onLine: (line) => lines.push(line) });
    expect(ended).toMatchObject({ exitCode: 3, stdout: "out\n", endedBy: "itself" });
    expect(ended.said.split("\n").filter(Boolean).sort()).toEqual(["err", "out"]);
    expect(lines.sort()).toEqual(["err", "out"]);
  });

  test("leaves nothing that it started behind when it ends", async () => {
    const { stdout } = await run("sleep 100 > /dev/null 2>&1 & echo $!");
    await until("the child of the program has ended", () => !isRunning(Number(stdout)));
  });

  test("is ended with all it started when its time is up", async () => {
    const lines: string[] = [];
    const ended = await run("sleep 100 & echo $!; wait", { limitMs: 300, onLine: (line) => lines.push(line) });
    expect(ended).toMatchObject({ exitCode: null, endedBy: "time limit" });
    const [sleeper] = lines.map(Number);
    await until("the child of the program has ended", () => !isRunning(sleeper!));
  });

  test("is ended when it is aborted, were it even before it began", async () => {
    const controller = new AbortController();
    const running = run("echo begun; sleep 100", { signal: controller.signal, onLine: () => controller.abort() });
    expect(await running).toMatchObject({ endedBy: "abort", stdout: "begun\n" });
    expect(await run("sleep 100", { signal: controller.signal })).toMatchObject({ endedBy: "abort" });
  });

  test("that is not there is an error", async () => {
    const program = { file: "/no/such/program", args: [], cwd: "/", env: process.env };
    await expect(runProgram(program, { limitMs: 1_000 })).rejects.toMatchObject({ code: "ENOENT" });
  });
});
