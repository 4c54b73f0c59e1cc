// What becomes of an error that ends a command: told on stderr, and an exit code that says whose it is.

import { CommanderError } from "commander";
import { InputError } from "../config/problem.ts";
import { INPUT_WRONG, OWN_FAULT } from "./exit-codes.ts";

/** @returns the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INPUT_WRONG;
  if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    return INPUT_WRONG;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `sessionlab has a fault of its own; your input is not to blame. Please report this:\n${stack}\n`,
  );
  return OWN_FAULT;
}
