// The workload of a scenario file: who comes when, which pages they view, and what stays of it in their sessions.

import * as z from "zod";
import { arrivals } from "./arrivals.ts";
import { atLeastZero, count, rules, share } from "./fields.ts";
import { countLaw, lawOf } from "./laws.ts";

const page = z.strictObject({
  name: z.string().min(1),
  path: z
    .string()
    .regex(/^\/(?!\/)[^\s#]*$/, "an address from the root, as /cart?add=1")
    .optional()
    .describe(
      "Where it is at a site driven with bench --url, from the root, with its query. Default: the address of --url.",
    ),
  share: atLeastZero("Weight among the pages."),
  session: z
    .enum(["read-write", "read-only", "none"])
    .optional()
    .describe("EnableSessionState of the page. Default: that of the settings file's <pages>, else read-write."),
  changedShare: share("Share of its requests that change session state.").default(1),
  cpuMs: lawOf("Time on a core.").default({ kind: "constant", value: 5 }),
  waitMs: lawOf("Waiting for other services, the session's lock held, no core used.").default({
    kind: "constant",
    value: 0,
  }),
});

const population = z.strictObject({
  sessions: count("All stored before the run begins.", 1, 1_000_000),
  choice: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("uniform") }),
      z.strictObject({
        kind: z.literal("zipfian"),
        theta: z.number().gt(0).lt(1).default(0.99).describe("How skewed; 0.99 in YCSB."),
      }),
    ])
    .default({ kind: "uniform" })
    .describe("Whose turn it is. zipfian: few sessions have most of the visits, as with YCSB's requestdistribution."),
});

export const workloadSchema = z.strictObject({
  arrivals: arrivals.meta({ description: "When visits begin. A bare number is short for Poisson.", shorthand: true }),
  population: population
    .optional()
    .describe("Each visit is one of these sessions, with the cookies of its last. Default: somebody new. Bench only."),
  requestsPerVisit: countLaw
    .meta({ description: "Page views of one visit. A bare number is short for fixed.", shorthand: true })
    .default({ kind: "geometric", mean: 10 }),
  thinkSeconds: lawOf("From the end of one page view to the start of the next.").default({
    kind: "exponential",
    mean: 30,
  }),
  logoutShare: share("Share of visits whose last request abandons the session.").default(0),
  withoutCookiesShare: share("Share of visits by clients that return no cookie.").default(0),
  parallel: z
    .strictObject({
      share: share("Share of page views."),
      requests: count("Requests sent.", 1, 63),
      spacingMs: atLeastZero("Between one of them and the next.").max(60_000).default(0),
    })
    .default({ share: 0, requests: 1, spacingMs: 0 })
    .describe("Page views that, once loaded, send more requests without waiting for each other, on the same session."),
  pages: z
    .array(page)
    .min(1)
    .check(
      rules((pages) => [
        pages.every((page) => page.share === 0) && {
          path: [],
          given: "without any share",
          expected: "one share above 0 at least",
          mend: "give the shares",
        },
      ]),
    )
    .default([
      {
        name: "page",
        share: 1,
        changedShare: 1,
        cpuMs: { kind: "constant", value: 5 },
        waitMs: { kind: "constant", value: 0 },
      },
    ]),
  stateBytes: lawOf("Size of one session's state, serialised.").default({ kind: "constant", value: 4096 }),
  whenRefused: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("leave") }),
      z.strictObject({
        kind: z.literal("retry"),
        afterSeconds: lawOf("Wait before each new attempt."),
        attemptsMax: count("New attempts at most.", 1, 1000),
      }),
    ])
    .default({ kind: "leave" })
    .describe("What a visitor does who is refused at the cap."),
  whenFailed: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("leave") }),
      z.strictObject({
        kind: z.literal("retry"),
        afterSeconds: lawOf("Wait before he asks for the same page again."),
        attemptsMax: count("New attempts at most, for each page; then he leaves.", 1, 1000),
      }),
    ])
    .optional()
    .describe("What a visitor does whose page failed. Default: he goes on as if it had come."),
});

export type WorkloadFile = z.infer<typeof workloadSchema>;
