// The machine and the program, written into every result beside the figures, never among them.

import { execFileSync } from "node:child_process";
import os from "node:os";
import type { Environment } from "../metrics/run-result.ts";
import { packageVersion } from "./package-root.ts";

export function describeEnvironment(startedAt: Date, wallSeconds: number): Environment {
  return {
    startedAt: startedAt.toISOString(),
    wallSeconds: Math.round(wallSeconds * 1000) / 1000,
    sessionlab: packageVersion,
    commit: commitHere(),
    node: process.version,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  };
}

/** The commit of the folder the command runs in; null outside a repository. */
function commitHere(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return null;
  }
}
