// sessionlab schema: the JSON Schema of scenario files, for editors and for those who write scenarios by program.

import { Command } from "commander";
import { scenarioJsonSchema } from "../config/scenario-file.ts";

export function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of scenario files (also published as scenarios/scenario.schema.json)")
    .addHelpText("after", "\nExamples:\n  sessionlab schema > scenario.schema.json")
    .action(() => {
      process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    });
}
