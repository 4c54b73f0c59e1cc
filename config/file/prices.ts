// The price file of a plan: what a site pays a month for machines, cores, memory and stores, and what a lost session costs it.

import * as z from "zod";
import { atLeastZero, inOrder, positive, rules } from "./fields.ts";

const price = (description: string) => atLeastZero(`${description}, a month.`).max(1e12);

export const priceSchema = z
  .strictObject({
    note: z.string().default("").describe("Where the figures come from; stands beside every sum that rests on them."),
    currency: z.string().min(1).max(12).default("EUR").describe("Stands beside every sum."),
    webServerPerMonth: price("A web server with its licence, without cores and memory of its own").default(0),
    corePerMonth: price("A core of a web server").default(0),
    webMemoryGiBPerMonth: price("A GiB of a web server's memory, for sessions in process").default(0),
    stateServerPerMonth: price("The machine of a state service, each partition").default(0),
    databasePerMonth: price("A database that keeps sessions, with its copies, each partition").default(0),
    otherStorePerMonth: price("A store of another kind (Redis), each partition").default(0),
    storeMemoryGiBPerMonth: price("A GiB of memory or disk of a store out of process").default(0),
    memorySizesGiB: z
      .array(positive("A size that can be bought for one machine."))
      .min(1)
      .max(1000)
      .optional()
      .describe("Memory comes in these sizes a machine. Default: whole GiB."),
    lostSession: atLeastZero("What each session costs that is refused at the cap, or lost: revenue, calls to the desk.")
      .max(1e9)
      .default(0),
  })
  .check(rules(({ memorySizesGiB = [] }) => [inOrder("memorySizesGiB", memorySizesGiB)]));

export type PriceFile = z.infer<typeof priceSchema>;
