import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { descendantsOf } from "../../../bench/servers/process-end.ts";
import { isRunning, until } from "../../bench/processes.ts";
import { runCli } from "../run-cli.ts";

const main = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));

describe("sessionlab bench --selftest", () => {
  test("takes no scenario and no option that it would have to ignore", () => {
    const { exitCode, stderr } = runCli(["bench", "x.yaml", "--selftest", "--time-scale", "3"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--selftest is "x.yaml", --time-scale; expected only --json and --quiet');
  });

  test.skipIf(!existsSync("/proc/self/cmdline"))(
    "an interrupt ends it at once: what was found until then is told, marked as cut short, and no process is left",
    async () => {
      const child = spawn(process.execPath, [main, "bench", "--selftest", "--json", "--quiet"], { detached: true });
      let stdout = "";
      child.stdout.on("data", (data) => {
        stdout += data;
      });
      const closed = once(child, "close");
      const sites = () =>
        descendantsOf(child.pid ?? 0).filter((pid) =>
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("host-process"),
        );
      await until("the site is up", () => sites().length > 0);
      const site = sites();
      process.kill(-(child.pid ?? 0), "SIGINT");
      const [exitCode] = await closed;
      const found = JSON.parse(stdout);
      expect(exitCode).toBe(3);
      expect(found).toMatchObject({ held: false, complete: false });
      expect(found.checks.length).toBeLessThan(3);
      for (const pid of site) expect(isRunning(pid)).toBe(false);
    },
  );
});
