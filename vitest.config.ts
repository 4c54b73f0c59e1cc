import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

/** Arithmetic and texts: modules keep nothing between calls, so files may share a process. One that replaces a module (vi.mock) may not. */
const PURE = ["config", "workload", "metrics", "sim", "planning", "reports"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

/** Needs a process of its own all the same: the engine before it has compiled anything. */
const ALONE = ["test/config/elementary.test.ts"];

/** Truth by many draws, a million events against a plain model, browsers, many real runs in one file: minutes of their own (npm run test:long). */
const LONG = ["test/**/*.long.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // As the program itself runs: cli/sound-compiler.ts says why.
    execArgv: ["--no-concurrent-osr"],
    // Programs that tests start: what was compiled once is kept, as bin/sessionlab.js does; half the start of each.
    env: { NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache") },
    maxWorkers: 3,
    projects: [
      // A process for many files: loading the modules anew for each took a fifth of their time.
      { extends: true, test: { name: "pure", include: PURE, exclude: [...ALONE, ...LONG], isolate: false } },
      {
        extends: true,
        test: {
          name: "alone",
          include: ["test/!(config|workload|metrics|sim|planning|reports)/**/*.test.ts", ...ALONE],
          exclude: LONG,
        },
      },
      { extends: true, test: { name: "long", include: LONG } },
    ],
  },
});
