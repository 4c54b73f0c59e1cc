// sessionlab formula: the closed forms for planners, each with its equation and its source. What is left out is what is asked.

import { Command } from "commander";
import { machineRepairCommand, mvaCommand } from "./formula-closed-systems.ts";
import { engsetCommand, erlangBCommand, mm1kCommand } from "./formula-loss.ts";
import { erlangCCommand, md1Command, mg1Command, mmcCommand } from "./formula-queues.ts";
import { mgInfinityCommand, slidingSessionCommand } from "./formula-sessions.ts";

export function formulaGroup(): Command {
  const group = new Command("formula")
    .summary("closed forms: Erlang B and C, queues, sliding sessions")
    .description(
      "Works out a closed form: no simulation, no scenario. The argument you leave out is the one you ask for.",
    )
    .addHelpText(
      "after",
      `
Shares may be given as 0.01 or 1%. Each formula has a --help of its own, with examples.

Examples:
  sessionlab formula sliding-session --timeout-minutes 20 --think-mean-seconds 30 --requests-mean 10
  sessionlab formula erlang-b --places 70000 --erlangs 73500
  sessionlab formula erlang-b --erlangs 73500 --refused-share 0.1%
  sessionlab formula mmc --arrivals-per-second 200 --service-seconds 0.04 --wait-seconds 0.005 --json`,
    );
  const formulas = [
    slidingSessionCommand(),
    erlangBCommand(),
    erlangCCommand(),
    engsetCommand(),
    mmcCommand(),
    mm1kCommand(),
    md1Command(),
    mg1Command(),
    mgInfinityCommand(),
    machineRepairCommand(),
    mvaCommand(),
  ];
  for (const formula of formulas) group.addCommand(formula.exitOverride());
  return group;
}
