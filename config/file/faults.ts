// What goes wrong during a run, as a user writes it.

import * as z from "zod";
import { atLeastZero, positive } from "./fields.ts";

const FAULT_SECONDS_MAX = 3600;
const faultAt = atLeastZero("When it strikes, scenario time.");
const faultLasts = (what: string) =>
  positive(`${what}, real time whatever run.timeScale.`).max(FAULT_SECONDS_MAX).default(2);

export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("recycle").describe("A new worker takes over, the old one finishes what it has begun."),
    atMinutes: faultAt,
  }),
  z.strictObject({
    kind: z.enum(["kill-worker", "kill-store"]).describe("kill -9 of the process."),
    atMinutes: faultAt,
    downSeconds: atLeastZero("Until it is started again, real time.").max(FAULT_SECONDS_MAX).default(1),
  }),
  z.strictObject({
    kind: z.enum(["pause-worker", "pause-store"]).describe("The process stands still (SIGSTOP) and then goes on."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it stands still"),
  }),
  z.strictObject({
    kind: z.literal("slow-store").describe("The way between site and store is longer; a proxy of ours stands in it."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it is slow"),
    delayMs: positive("Added each way: a round trip takes twice as much longer.").max(60_000).default(50),
  }),
  z.strictObject({
    kind: z.literal("cut-store").describe("Nothing passes between site and store; a proxy of ours stands in the way."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it is cut"),
    silent: z
      .boolean()
      .default(false)
      .describe(
        "false: connections are reset, new ones refused. true: nobody is told, so that only a timeout ends the wait; what was sent arrives afterwards, as TCP sends again what was lost.",
      ),
  }),
]);
