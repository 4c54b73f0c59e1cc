import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // As the program itself runs: cli/sound-compiler.ts says why.
    execArgv: ["--no-concurrent-osr"],
    maxWorkers: 3,
  },
});
