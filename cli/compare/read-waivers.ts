// The waiver file that --waivers names.

import { InputError } from "../../config/problem.ts";
import { parseWaivers, type Waiver } from "../../config/waivers.ts";
import { readInput } from "../load-scenario.ts";

/** @throws InputError with every mistake of the file, each with its line and column. */
export async function readWaivers(file: string): Promise<readonly Waiver[]> {
  const action = `Cannot read waivers "${file}"`;
  const { value, problems } = parseWaivers(await readInput(file, action), file);
  if (value === null) throw new InputError(action, problems);
  return value;
}
