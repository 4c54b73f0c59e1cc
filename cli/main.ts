// The command line: which commands there are, and what becomes of an error. Exit codes: 0 done and targets met, 1 a target missed,
// 2 the input was wrong, 3 the run is invalid, 4 a fault of this program.

import "./sound-compiler.ts";
import { Command } from "commander";
import { aspStateSqlCommand } from "./aspstate-sql.ts";
import { benchCommand } from "./bench/bench.ts";
import { calibrateCommand } from "./calibrate/calibrate.ts";
import { compareCommand } from "./compare/compare.ts";
import { demoCommand } from "./demo.ts";
import { fitCommand } from "./fit/fit.ts";
import { formulaGroup } from "./formula/formula.ts";
import { historyCommand } from "./history/history.ts";
import { inspectCommand } from "./inspect.ts";
import { packageVersion } from "./package-root.ts";
import { planCommand } from "./plan/plan.ts";
import { reportCommand } from "./report.ts";
import { reportError } from "./report-error.ts";
import { schemaCommand } from "./schema.ts";
import { simulateCommand } from "./simulate/simulate.ts";
import { stateServerCommand } from "./state-server.ts";
import { sweepCommand } from "./sweep/sweep.ts";
import { validateCommand } from "./validate/validate.ts";
import { verifyStoreCommand } from "./verify-store.ts";

const program = new Command("sessionlab")
  .description("How many user sessions will this site hold, what will they cost, and did a change make it worse?")
  .version(packageVersion)
  // What stands behind a command is the command's.
  .enablePositionalOptions()
  .addHelpText(
    "after",
    `
Exit codes: 0 done and targets met, 1 a target missed, 2 the input was wrong, 3 the run is invalid, 4 a fault of sessionlab.

Examples:
  sessionlab inspect web.config
  sessionlab fit u_ex*.log.gz --out workload.yaml
  sessionlab simulate scenarios/lunch-hour.yaml --mode InProc,SQLServer
  sessionlab bench scenarios/lunch-hour.yaml --out out`,
  );
const commands = [
  inspectCommand(),
  fitCommand(),
  simulateCommand(),
  planCommand(),
  sweepCommand(),
  benchCommand(),
  calibrateCommand(),
  reportCommand(),
  compareCommand(),
  validateCommand(),
  historyCommand(),
  verifyStoreCommand(),
  schemaCommand(),
  stateServerCommand(),
  aspStateSqlCommand(),
  formulaGroup(),
  demoCommand(),
];
for (const command of commands) program.addCommand(command);
for (const command of [program, ...commands]) command.exitOverride();

// A reader that closes early (`| head`) has all it wants.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});
// Of whom nobody reads what he complains of, the work goes on.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
