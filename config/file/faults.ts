// What goes wrong during a run, as a user writes it.

import * as z from "zod";
import { atLeastZero, count, positive } from "./fields.ts";

const FAULT_SECONDS_MAX = 3600;
const faultAt = atLeastZero("When it strikes, scenario time.");
const faultLasts = (what: string) =>
  positive(`${what}, real time whatever run.timeScale.`).max(FAULT_SECONDS_MAX).default(2);

const downSeconds = atLeastZero("Until it is started again, real time.").max(FAULT_SECONDS_MAX).default(1);
const worker = count(
  "Which of the worker processes, counted through the first server, then the second. Default: the first.",
  1,
  1_000_000,
).optional();

const partition = count("Which partition of the store. Default: all of them.", 1, 64).optional();

export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("recycle").describe("A new worker takes over, the old one finishes what it has begun."),
    atMinutes: faultAt,
  }),
  z.strictObject({
    kind: z.literal("kill-worker").describe("kill -9 of the process."),
    atMinutes: faultAt,
    downSeconds,
    worker,
  }),
  z.strictObject({
    kind: z.literal("kill-store").describe("kill -9 of the process."),
    atMinutes: faultAt,
    downSeconds,
    partition,
  }),
  z.strictObject({
    kind: z.literal("pause-worker").describe("The process stands still (SIGSTOP) and then goes on."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it stands still"),
    worker,
  }),
  z.strictObject({
    kind: z
      .literal("rolling-deploy")
      .describe("Server after server is taken out and comes back; the others serve its visitors. Simulations alone."),
    atMinutes: faultAt,
    everySeconds: positive("From one server to the next, real time.").max(FAULT_SECONDS_MAX).default(60),
    downSeconds: positive("How long each is out, real time.").max(FAULT_SECONDS_MAX).default(30),
  }),
  z.strictObject({
    kind: z.literal("pause-store").describe("The process stands still (SIGSTOP) and then goes on."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it stands still"),
    partition,
  }),
  z.strictObject({
    kind: z.literal("slow-store").describe("The way between site and store is longer; a proxy of ours stands in it."),
    atMinutes: faultAt,
    forSeconds: faultLasts("How long it is slow"),
    delayMs: positive("Added each way: a round trip takes twice as much longer.").max(60_000).default(50),
    partition,
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
    partition,
  }),
]);
