// Ctrl-C, once and twice. The first interrupt asks the work to end and keep what it has; the second ends everything at once, and the
// exit handlers of whatever was started see to it that nothing is left.

import { INTERRUPTED } from "./exit-codes.ts";

/** A launcher passes an interrupt on that the terminal has sent to everybody: two so close together are one. */
const SAME_INTERRUPT_MS = 300;

export interface Interrupt {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal;
  /**
   * The process hears interrupts by itself again, and may end. Right after an interrupt it stays a moment: the same one, passed on by
   * a launcher, would kill a process that is about to end.
   */
  release(): void;
}

export function createInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let firstAtMs = 0;
  const hear = () => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAtMs > SAME_INTERRUPT_MS) process.exit(INTERRUPTED);
      return;
    }
    firstAtMs = performance.now();
    controller.abort();
    onFirst();
  };
  for (const name of signals) process.on(name, hear);
  return {
    signal: controller.signal,
    release() {
      const off = () => {
        for (const name of signals) process.off(name, hear);
      };
      const leftMs = controller.signal.aborted ? firstAtMs + SAME_INTERRUPT_MS - performance.now() : 0;
      if (leftMs > 0) setTimeout(off, leftMs);
      else off();
    },
  };
}
