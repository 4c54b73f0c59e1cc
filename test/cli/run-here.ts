// The program within this process: for what it answers, where that it is a process of its own tells nothing more. Its main file is
// evaluated anew for each run, what it imports is not; a process takes half a second of a core to load that.

import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import type { CliRun } from "./run-cli.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
let runs = 0;

/** One at a time: the arguments, the folder, the streams and the exit code of this process are lent to the program. */
export async function runHere(args: readonly string[], folder = process.cwd()): Promise<CliRun> {
  const { argv, exitCode: before } = process;
  const cwd = process.cwd();
  const streams = [process.stdout, process.stderr].map((stream) => {
    const errorListeners = stream.listeners("error");
    let text = "";
    const write = vi.spyOn(stream, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    const giveBack = () => {
      write.mockRestore();
      for (const listener of stream.listeners("error")) {
        if (!errorListeners.includes(listener)) stream.off("error", listener as () => void);
      }
    };
    return { giveBack, text: () => text };
  });
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  process.chdir(folder);
  try {
    await import(/* @vite-ignore */ `${main}?run=${++runs}`);
    const [stdout, stderr] = streams.map(({ text }) => text());
    return { exitCode: Number(process.exitCode ?? 0), stdout: stdout!, stderr: stderr! };
  } finally {
    for (const { giveBack } of streams) giveBack();
    process.chdir(cwd);
    process.argv = argv;
    process.exitCode = before;
  }
}
