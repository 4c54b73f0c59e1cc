// A command of this folder: its options read, its errors told as those of sessionlab are, its exit code set. 0: what is asked was
// held; 1: it was missed; 2: the input was wrong; 3: cut short; 4: a fault of ours.

import "../cli/sound-compiler.ts";
import type { Command } from "commander";
import { reportError } from "../cli/report-error.ts";

export async function runCommand(command: Command): Promise<void> {
  command.exitOverride().configureOutput({ writeErr: (text) => void process.stderr.write(text) });
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
