// The scenario as a user writes it: minutes, seconds and rates in the key names, a default for what may be left out, a sentence for
// every field. One schema serves the parser, the types and the published scenario.schema.json.

import * as z from "zod";
import { storeProviders } from "./scenario.ts";
import {
  cookielessModes,
  sameSiteModes,
  sessionModes,
  TIMEOUT_MINUTES_MAX,
  UNLIMITED_SESSIONS,
} from "./session-settings.ts";

const positive = (description: string) => z.number().positive().describe(description);
const share = (description: string) => z.number().min(0).max(1).describe(description);
const atLeastZero = (description: string) => z.number().min(0).describe(description);
const count = (description: string, min: number, max: number) => z.int().min(min).max(max).describe(description);
const FAULT_SECONDS_MAX = 3600;

/** A rule between the values of one group; its `path` is where the user should look. */
interface Breach {
  readonly path: (string | number)[];
  readonly given: string;
  readonly expected: string;
  readonly mend: string;
}

function rules<T>(breachesOf: (value: T) => (Breach | false)[]): z.core.CheckFn<T> {
  return ({ value, issues }) => {
    for (const breach of breachesOf(value)) {
      if (breach !== false) issues.push({ code: "custom", input: value, path: breach.path, params: { ...breach } });
    }
  };
}

const rising = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]);

const inOrder = (key: string, values: readonly number[]): Breach | false =>
  !rising(values) && { path: [key], given: "not in order", expected: "numbers that rise", mend: "sort them" };

const max = positive("Larger draws are cut down to this.").optional();

export const lawSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), value: atLeastZero("Always this.") }),
  z.strictObject({ kind: z.literal("exponential"), mean: positive("Mean."), max }),
  z.strictObject({
    kind: z.literal("lognormal"),
    mean: positive("Mean of the values."),
    sigma: positive("Standard deviation of their natural logarithm.").max(10),
    max,
  }),
  z
    .strictObject({
      kind: z.literal("pareto"),
      min: positive("Smallest value."),
      shape: positive("Tail exponent; the mean is infinite at 1 or less."),
      max,
    })
    .check(
      rules(({ min, max }) => [
        max !== undefined &&
          max < min && { path: ["max"], given: String(max), expected: `at least min, ${min}`, mend: "raise it" },
      ]),
    ),
  z
    .strictObject({
      kind: z.literal("empirical"),
      quantiles: z
        .array(z.number().min(0))
        .min(1)
        .max(10_001)
        .describe("Values at equally spaced probabilities from 0 to 1, rising."),
    })
    .check(rules(({ quantiles }) => [inOrder("quantiles", quantiles)])),
]);

/** A place where a law stands; a bare number is short for a constant. */
const lawOf = (description: string) => lawSchema.meta({ description, shorthand: true });

const countLaw = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), value: count("Always this.", 1, 100_000) }),
  z.strictObject({ kind: z.literal("geometric"), mean: z.number().min(1).max(100_000).describe("Mean.") }),
  z
    .strictObject({
      kind: z.literal("empirical"),
      values: z.array(z.int().min(1)).min(1).max(10_000),
      weights: z.array(z.number().min(0)).min(1).max(10_000),
    })
    .check(
      rules(({ values, weights }) => [
        values.length !== weights.length && {
          path: ["weights"],
          given: `${weights.length} weights`,
          expected: `${values.length}, one a value`,
          mend: "make the lists equally long",
        },
        weights.every((weight) => weight === 0) && {
          path: ["weights"],
          given: "all 0",
          expected: "one weight above 0 at least",
          mend: "give the weights",
        },
      ]),
    ),
]);

const rate = (description: string) => z.number().min(0).max(1e6).describe(description);

const arrivals = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("poisson"), perSecond: rate("Visits a second, at random.").positive() }),
  z.strictObject({ kind: z.literal("constant"), perSecond: rate("Visits a second, evenly spaced.").positive() }),
  z.strictObject({
    kind: z.literal("ramp"),
    fromPerSecond: rate("Visits a second at the start."),
    toPerSecond: rate("Visits a second at the end of the ramp and after it."),
    overMinutes: positive("Length of the ramp.").optional(),
  }),
  z
    .strictObject({
      kind: z.literal("step"),
      fromPerSecond: rate("Visits a second on the first step."),
      byPerSecond: rate("Each step has so many more.").positive(),
      everyMinutes: positive("Length of a step."),
      toPerSecond: rate("The highest step, which lasts to the end.").positive(),
    })
    .check(
      rules(({ fromPerSecond, toPerSecond }) => [
        toPerSecond < fromPerSecond && {
          path: ["toPerSecond"],
          given: String(toPerSecond),
          expected: `at least fromPerSecond, ${fromPerSecond}`,
          mend: "steps go up; change one of the two",
        },
      ]),
    ),
  z.strictObject({
    kind: z.literal("profile"),
    perHour: z.array(z.number().min(0).max(1e9)).min(1).max(168).describe("Visits in each hour; the list repeats."),
    startHour: z.number().min(0).max(168).default(0).describe("Hour of the list at which the run starts."),
  }),
  z.strictObject({
    kind: z.literal("burst"),
    perSecond: rate("Visits a second outside the burst."),
    burstPerSecond: rate("Visits a second inside it."),
    burstAtMinutes: atLeastZero("When it begins."),
    burstMinutes: positive("How long it lasts."),
  }),
  z
    .strictObject({
      kind: z.literal("trace"),
      atSeconds: z
        .array(z.number().min(0))
        .min(1)
        .describe("The moment of every visit, rising, from the start of the run."),
    })
    .check(rules(({ atSeconds }) => [inOrder("atSeconds", atSeconds)])),
]);

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
});

const siteSchema = z
  .strictObject({
    settings: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe("web.config, or the chain from ApplicationHost.config down to it; paths from this file."),
    location: z.string().optional().describe('The <location path> whose settings count: "Default Web Site".'),
    technology: z.enum(["aspnet", "asp"]).optional().describe("ASP.NET, or classic ASP."),
    mode: z.enum(sessionModes).optional().describe("Overrides the settings file. Default InProc."),
    timeoutMinutes: z.int().min(1).max(2_147_483_640).optional().describe("Sliding. Default 20."),
    sessionsMax: count("Cap on stored sessions. Default: no cap.", 0, UNLIMITED_SESSIONS).optional(),
    sessionStart: z
      .boolean()
      .default(true)
      .describe("A Session_Start handler exists: newcomers get a session stored even if the page changed nothing."),
    cookieless: z.enum(cookielessModes).optional().describe("Where the session id travels. Default UseCookies."),
    regenerateExpiredSessionId: z
      .boolean()
      .optional()
      .describe("A cookieless client with the id of a session that is no more gets a new id. Default true."),
    cookieSameSite: z.enum(sameSiteModes).optional().describe("SameSite of the session cookie. Default Lax."),
    https: z.boolean().default(false).describe("The bench reaches the site over TLS."),
    keepSessionIdSecure: z
      .boolean()
      .optional()
      .describe("Classic ASP over TLS: the session cookie is marked secure. Default true."),
    servers: count("Web servers.", 1, 1000).default(1),
    workersPerServer: count("Worker processes a server (web garden).", 1, 64).default(1),
    coresPerWorker: count("Cores a worker process can use.", 1, 1024).default(1),
    affinity: z.boolean().default(true).describe("All requests of a visitor reach the same worker."),
    lockPollMs: count("Wait between tries on a locked session.", 1, 600_000).default(500),
    executionTimeoutSeconds: positive(
      "httpRuntime executionTimeout; also the age at which a lock is broken. Default 110.",
    )
      .max(31_536_000)
      .optional(),
    requestQueueLimitPerSession: count(
      "Waiting requests a session before one fails. Default 50.",
      1,
      2_147_483_647,
    ).optional(),
    expirySweepSeconds: atLeastZero("How often expired sessions are removed; 0: at the moment. Default 20; 60 for asp.")
      .max(86_400)
      .optional(),
    expirySlideMinSeconds: atLeastZero("A slide of the expiry by less is not recorded. Default 1; 0 for asp.")
      .max(60)
      .optional(),
    deleteJobSeconds: positive("How often the SQL Agent job deletes expired rows.").max(86_400).default(60),
    deleteJobRuns: z.boolean().default(true).describe("false: no SQL Agent; rows are never deleted."),
    recycleEveryMinutes: z
      .number()
      .min(0.1)
      .describe("A worker process is replaced this often. Default: never.")
      .optional(),
  })
  .check(
    rules(({ mode, timeoutMinutes, technology }) => [
      technology === "asp" &&
        (mode === "StateServer" || mode === "SQLServer" || mode === "Custom") && {
          path: ["mode"],
          given: mode,
          expected: "InProc or Off: classic ASP keeps its sessions in the worker process",
          mend: "leave it out, or make it technology: aspnet",
        },
      (mode === "InProc" || mode === "StateServer") &&
        (timeoutMinutes ?? 0) > TIMEOUT_MINUTES_MAX && {
          path: ["timeoutMinutes"],
          given: String(timeoutMinutes),
          expected: `at most ${TIMEOUT_MINUTES_MAX}, one year, in InProc and StateServer`,
          mend: "shorten it",
        },
    ]),
  );

const faultAt = atLeastZero("When it strikes, scenario time.");
const faultLasts = (what: string) =>
  positive(`${what}, real time whatever run.timeScale.`).max(FAULT_SECONDS_MAX).default(2);

const faultSchema = z.discriminatedUnion("kind", [
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

const runSchema = z
  .strictObject({
    fidelity: z
      .enum(["requests", "population"])
      .default("requests")
      .describe("population: sessions and memory only; requests take no time."),
    durationMinutes: positive("Length of the run, scenario time.").max(525_600).default(120),
    warmupMinutes: atLeastZero("The first part, left out of the figures.").default(40),
    drainMinutes: atLeastZero("After the duration no visit begins; those under way may finish for so long.").default(0),
    seed: count("Same seed, same visitors, same result.", 0, Number.MAX_SAFE_INTEGER).default(1),
    replications: count("Independent repeats of a simulation; a bench runs once.", 1, 10_000).default(5),
    timeScale: z
      .number()
      .min(1)
      .max(100_000)
      .describe("Scenario time runs so many times faster than real time.")
      .default(1),
    sampleSeconds: positive("Spacing of the time series. Default: a 240th of the duration.").optional(),
  })
  .check(
    rules(({ durationMinutes, warmupMinutes, sampleSeconds }) => [
      warmupMinutes >= durationMinutes && {
        path: ["warmupMinutes"],
        given: String(warmupMinutes),
        expected: `less than run.durationMinutes, ${durationMinutes}`,
        mend: "shorten the warm-up or lengthen the run",
      },
      sampleSeconds !== undefined &&
        (durationMinutes * 60) / sampleSeconds > 100_000 && {
          path: ["sampleSeconds"],
          given: String(sampleSeconds),
          expected: "at most 100,000 samples a run",
          mend: "sample less often",
        },
    ]),
  );

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(100).describe("Short; stands over every report."),
  description: z.string().default("").describe("What the scenario is for, and the sum that says what to expect."),
  site: siteSchema.prefault({}),
  workload: z.union([z.string().min(1), workloadSchema]).describe("Inline, or the path of a file made by fit."),
  store: z
    .strictObject({
      calibration: z.string().min(1).default("built-in").describe("What the provider costs: a file, or built-in."),
      provider: z
        .enum(storeProviders)
        .optional()
        .describe("What a bench drives. Default: that of the mode, PostgreSQL standing in for SQLServer."),
      connection: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(64)])
        .optional()
        .describe("Where it is; several: partitions by session id. Default: the bench starts a server of its own."),
      module: z
        .string()
        .min(1)
        .optional()
        .describe("express-session: the package of the store. module: the path of the provider, from this file."),
      compression: z.boolean().optional().describe("Deflate the serialised state. Default: compressionEnabled."),
      applicationId: z
        .string()
        .min(1)
        .max(280)
        .default("/LM/W3SVC/1/ROOT")
        .describe("Names the application to a store that several share, as AppDomainAppId does."),
      networkTimeoutSeconds: positive("No answer for so long is a failure. Default: stateNetworkTimeout.")
        .max(86_400)
        .optional(),
      commandTimeoutSeconds: positive("Of one database command. Default: sqlCommandTimeout.").max(86_400).optional(),
    })
    .check(
      rules(({ provider, module }) => [
        (provider === "module" || provider === "express-session") &&
          module === undefined && {
            path: ["module"],
            given: "left out",
            expected:
              provider === "module" ? "the path of the provider" : "the package of the store, like connect-redis",
            mend: "add it",
          },
        module !== undefined &&
          provider !== undefined &&
          provider !== "module" &&
          provider !== "express-session" && {
            path: ["module"],
            given: `"${module}"`,
            expected: "store.provider: module, or express-session",
            mend: "name the provider, or leave the module out",
          },
      ]),
    )
    .prefault({}),
  run: runSchema.prefault({}),
  faults: z.array(faultSchema).default([]).describe("What goes wrong, and when."),
  targets: z
    .array(
      z
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
        ),
    )
    .default([])
    .describe("What the site has to achieve; a run that misses one ends with exit code 1."),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;
export type WorkloadFile = z.infer<typeof workloadSchema>;
export type LawFile = z.infer<typeof lawSchema>;

/** The published schema (draft 2020-12); bare numbers are allowed where a law may be written short. */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(scenarioSchema, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      const meta = z.globalRegistry.get(zodSchema);
      if (meta?.shorthand !== true || jsonSchema.oneOf === undefined) return;
      jsonSchema.oneOf.push({ type: "number" });
      delete jsonSchema.shorthand;
    },
  });
}
