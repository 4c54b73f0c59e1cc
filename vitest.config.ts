import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // As the program itself runs: cli/sound-compiler.ts says why.
    execArgv: ["--no-concurrent-osr"],
    // Programs that tests start: what was compiled once is kept, as bin/sessionlab.js does; half the start of each.
    env: { NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache") },
    maxWorkers: 3,
  },
});
