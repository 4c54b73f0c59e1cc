// npm start: the main job on the bundled scenario. Three modes simulated, InProc measured too, one report, its path last.

import path from "node:path";
import { Command } from "commander";
import { renderTerminal } from "../reports/terminal.ts";
import { benchExitCode, benchWithProgress } from "./bench/bench-run.ts";
import { missesTarget, RUN_INVALID } from "./exit-codes.ts";
import { loadScenario, lunchHourPath } from "./load-scenario.ts";
import { inMode } from "./simulate/simulate.ts";
import { simulateModes } from "./simulate/simulate-modes.ts";
import { terminal } from "./terminal.ts";
import { expectWritableFolder, writeReport } from "./write-report.ts";

export function demoCommand(): Command {
  return new Command("demo")
    .description("the bundled lunch hour: three modes simulated, InProc measured, one report")
    .option("--out <dir>", "where the report goes", path.join("out", "lunch-hour"))
    .option("--quiet", "no progress")
    .addHelpText("after", "\nExamples:\n  sessionlab demo\n  sessionlab demo --out /tmp/lunch")
    .action(async (options: { out: string; quiet?: boolean }) => {
      await expectWritableFolder(options.out);
      const loaded = await loadScenario(lunchHourPath);
      const modes = ["InProc", "StateServer", "SQLServer"] as const;
      const scenarios = modes.map((mode) => inMode(loaded.scenario, mode, {}));
      const { results: simulated, complete } = await simulateModes(scenarios, loaded.settings, options);
      if (!complete) {
        process.exitCode = RUN_INVALID;
        return;
      }
      const measured = await benchWithProgress(loaded, options);
      const results = [simulated[0], measured, ...simulated.slice(1)];
      process.stdout.write(renderTerminal(results, terminal()));
      const { htmlPath } = await writeReport(results, options.out);
      process.exitCode = benchExitCode(measured) || Number(missesTarget(results));
      process.stdout.write(`${htmlPath}\n`);
    });
}
