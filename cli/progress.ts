// Progress on stderr: a bar on a terminal, a line now and then elsewhere, nothing for what is over at once or under --quiet.

import { SingleBar } from "cli-progress";

export interface Progress {
  /** @param share of the work done, 0 to 1. */
  update(share: number, note?: string): void;
  stop(): void;
}

const QUIET_MS = 1_000;
const LINE_EVERY_MS = 5_000;

export function createProgress(title: string, quiet: boolean): Progress {
  const startedAtMs = performance.now();
  let bar: SingleBar | null = null;
  let lineAtMs = startedAtMs + LINE_EVERY_MS;
  return {
    update(share, note = "") {
      const nowMs = performance.now();
      if (quiet || nowMs - startedAtMs < QUIET_MS) return;
      if (!process.stderr.isTTY) {
        if (nowMs < lineAtMs) return;
        lineAtMs = nowMs + LINE_EVERY_MS;
        const leftSeconds = share > 0 ? ((nowMs - startedAtMs) * (1 - share)) / share / 1000 : Number.NaN;
        const left = Number.isFinite(leftSeconds) ? `, about ${Math.ceil(leftSeconds)} s left` : "";
        process.stderr.write(`${title}: ${Math.floor(share * 100)} %${left}${note === "" ? "" : `, ${note}`}\n`);
        return;
      }
      bar ??= startBar(title);
      bar.update(Math.floor(share * 1000), { note });
    },
    stop() {
      bar?.stop();
    },
  };
}

function startBar(title: string): SingleBar {
  const bar = new SingleBar({
    format: `${title} [{bar}] {percentage} %, {eta} s left {note}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1000, 0, { note: "" });
  return bar;
}
