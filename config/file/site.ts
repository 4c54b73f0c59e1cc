// The site of a scenario file: its session settings, its processes, and how often it looks after expired sessions.

import * as z from "zod";
import {
  cookielessModes,
  sameSiteModes,
  sessionModes,
  TIMEOUT_MINUTES_MAX,
  UNLIMITED_SESSIONS,
} from "../session-settings.ts";
import { atLeastZero, count, positive, rules } from "./fields.ts";

export const siteSchema = z
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
    expirySweepSeconds: atLeastZero(
      "How often expired sessions are removed; 0: at the moment. Default 20; 60 for asp; 0 in Custom.",
    )
      .max(86_400)
      .optional(),
    expirySlideMinSeconds: atLeastZero(
      "A slide of the expiry by less is not recorded. Default 1; 0 for asp and in Custom.",
    )
      .max(60)
      .optional(),
    deleteJobSeconds: positive("How often the SQL Agent job deletes expired rows.").max(86_400).default(60),
    deleteJobRuns: z.boolean().default(true).describe("false: no SQL Agent; rows are never deleted."),
    recycleEveryMinutes: z
      .number()
      .min(0.1)
      .describe("A worker process is replaced this often. Default: never.")
      .optional(),
    recycleAfterRequests: count(
      "A worker process is replaced after so many requests (periodicRestart requests). Default: never.",
      1,
      4_294_967_295,
    ).optional(),
    recycleAtMemoryMB: positive(
      "A worker process is replaced when it takes more (periodicRestart privateMemory, MB of 1,024 kB). Default: never.",
    ).optional(),
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
