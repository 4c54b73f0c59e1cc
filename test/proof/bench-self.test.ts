import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const program = path.join(import.meta.dirname, "../../proof/bench-self.ts");

test.each([
  [["--only", "engine,oracle"], /--only is "oracle"; expected engine, inproc, stateserver/],
  [["--budget-minutes", "0"], /--budget-minutes is "0"/],
  [["--speed", "9"], /unknown option '--speed'/],
  [["--against", "no-such-commit", "--quiet"], /--against is "no-such-commit"; expected a commit/],
])("%s is refused with exit code 2", (args, says) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(says);
  expect(stdout).toBe("");
});
