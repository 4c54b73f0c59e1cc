// Long work with its progress on stderr, which an interrupt ends early and which keeps what it has.

import { createInterrupt } from "./interrupt.ts";
import { createProgress } from "./progress.ts";

/** @param share of the work done; above 1 it counts as 1. */
export type Tell = (share: number, note: string) => void;

/** @param title of the progress. @returns what the work returns, whole or ended early by `signal`. */
export async function interruptible<T>(
  title: string,
  quiet: boolean,
  work: (signal: AbortSignal, tell: Tell) => Promise<T>,
): Promise<T> {
  const progress = createProgress(title, quiet);
  const interrupt = createInterrupt(() => {
    progress.stop();
    if (!quiet) process.stderr.write("Ending the load; Ctrl-C again ends everything at once.\n");
  });
  const { signal } = interrupt;
  try {
    return await work(signal, (share, note) => {
      if (!signal.aborted) progress.update(Math.min(1, share), note);
    });
  } finally {
    progress.stop();
    interrupt.release();
  }
}
