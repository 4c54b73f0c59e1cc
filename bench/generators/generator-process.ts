// One of several processes that send the load, told what to do over IPC. It ends when its parent does, whatever way the parent ended:
// nothing is ever left behind, and nobody is under load any longer.

import { assert } from "../../config/assert.ts";
import { watchMachine } from "../audit/machine-watch.ts";
import { fromShared } from "../clock.ts";
import type { JourneyDriver } from "../drivers/journeys/journeys.ts";
import { writeDriver } from "./driver-record.ts";
import type { Generator } from "./generator.ts";
import type { GeneratorCommand, GeneratorReport } from "./generator-control.ts";
import { createOwnGenerator } from "./own-generator.ts";
import { openSiteClient } from "./site-client.ts";

let generator: Generator | undefined;
let driver: JourneyDriver | undefined;
const watch = watchMachine();

process.on("disconnect", () => process.exit(0));
process.on("message", (command: GeneratorCommand) => void obey(command).catch(fail));

async function obey(command: GeneratorCommand): Promise<void> {
  if (command.kind === "start") {
    generator = createOwnGenerator(command.scenario, openSiteClient(command.client), command.share);
    report({ kind: "ready" });
    return;
  }
  assert(generator !== undefined, "a generator is started before it is told anything");
  switch (command.kind) {
    case "port":
      await generator.tellPort(command.port);
      report({ kind: "heard", ticket: command.ticket, counts: null });
      break;
    case "begin":
      driver = generator.begin(fromShared(command.startsAtSharedMs));
      break;
    case "run":
      await begun().run();
      report({ kind: "over" });
      break;
    case "count":
      report({ kind: "heard", ticket: command.ticket, counts: driver?.counts ?? null });
      break;
    case "end":
      begun().end();
      break;
    case "finish": {
      const { loopDelayP99Ms } = watch.finish();
      const { health } = await generator.finish(command.graceMs);
      report({ kind: "finished", record: writeDriver(begun()), health: { ...health, loopDelayP99Ms } });
    }
  }
}

function begun(): JourneyDriver {
  assert(driver !== undefined, "visitors are welcomed before they walk");
  return driver;
}

function report(message: GeneratorReport, then: () => void = () => undefined): void {
  process.send?.(message, then);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report({ kind: "failed", message }, () => process.exit(1));
}
