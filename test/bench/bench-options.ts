// What a test gives runBench beside the scenario.

import type { BenchOptions } from "../../bench/run-bench.ts";
import type { Environment } from "../../metrics/run-result.ts";

function environment(startedAt: Date, wallSeconds: number): Environment {
  const machine = {
    sessionlab: "0",
    commit: null,
    node: process.version,
    platform: "",
    cpu: "",
    cores: 1,
    memoryBytes: 0,
  };
  return { startedAt: startedAt.toISOString(), wallSeconds, ...machine };
}

export function benchOptions(changes: Partial<BenchOptions> = {}): BenchOptions {
  const signal = new AbortController().signal;
  return {
    driver: "journeys",
    through: "http",
    processors: "shared",
    generators: 1,
    stateBytes: null,
    concurrency: null,
    settings: null,
    command: "test",
    signal,
    onProgress: () => undefined,
    environment,
    ...changes,
  };
}
