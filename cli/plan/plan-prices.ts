// Where the prices of a plan come from: the file of --prices, what the scenario says or names, or the examples that come along.

import path from "node:path";
import type { PlanFile } from "../../config/file/plan.ts";
import { type Prices, parsePrices } from "../../config/prices.ts";
import { InputError } from "../../config/problem.ts";
import { besideFile, readInput } from "../load-scenario.ts";
import { packageRoot } from "../package-root.ts";

export const examplePrices = path.join(packageRoot, "scenarios", "planning", "prices.yaml");

export interface ReadPrices {
  readonly prices: Prices;
  /** For a reader: the file, or where else they stand. */
  readonly from: string;
}

/**
 * @param asked the file of --prices.
 * @param scenarioFile paths in the scenario start from its folder.
 * @throws InputError with every mistake of the file.
 */
export async function readPrices(
  asked: string | undefined,
  said: PlanFile["prices"],
  scenarioFile: string,
): Promise<ReadPrices> {
  if (asked === undefined && typeof said === "object") return { prices: said, from: `plan.prices of ${scenarioFile}` };
  const named = asked ?? (typeof said === "string" ? besideFile(scenarioFile, said) : null);
  if (named === null) {
    const { prices } = await readFrom(examplePrices);
    return { prices, from: "examples that come with sessionlab; give yours with --prices" };
  }
  return readFrom(named);
}

async function readFrom(file: string): Promise<ReadPrices> {
  const action = `Cannot read prices "${file}"`;
  const { value, problems } = parsePrices(await readInput(file, action), file);
  if (value === null) throw new InputError(action, problems);
  return { prices: value, from: file };
}
