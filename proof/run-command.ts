// A command of this folder: its options read, its errors told as those of sessionlab are, its exit code set. 0: what is asked was
// held; 1: it was missed; 2: the input was wrong; 3: cut short; 4: a fault of ours.

import "../cli/sound-compiler.ts";
import { type Command, CommanderError } from "commander";
import { INPUT_WRONG, OWN_FAULT } from "../cli/exit-codes.ts";
import { InputError } from "../config/problem.ts";

export async function runCommand(command: Command): Promise<void> {
  command.exitOverride().configureOutput({ writeErr: (text) => void process.stderr.write(text) });
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INPUT_WRONG;
  if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    return INPUT_WRONG;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return OWN_FAULT;
}
