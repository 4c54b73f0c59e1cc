// A target of a scenario file: a figure and the limits it has to keep.

import * as z from "zod";
import { rules } from "./fields.ts";

export const targetSchema = z
  .strictObject({
    figure: z.string().describe("Key of a figure in the result: refusedShare, responseP99Ms …"),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
  })
  .check(
    rules(({ atMost, atLeast }) => [
      atMost === undefined &&
        atLeast === undefined && {
          path: [],
          given: "without a limit",
          expected: "atMost or atLeast",
          mend: "add one",
        },
    ]),
  );
