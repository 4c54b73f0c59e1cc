// The session store of a scenario file: which it is, where it is, and how long it is waited for.

import * as z from "zod";
import { storeProviders } from "../scenario.ts";
import { count, positive, rules } from "./fields.ts";

export const storeSchema = z
  .strictObject({
    calibration: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(64)])
      .default("built-in")
      .describe(
        "What the provider costs: a file made by calibrate, or built-in; of several files, that of the provider counts.",
      ),
    provider: z
      .enum(storeProviders)
      .optional()
      .describe("What a bench drives. Default: that of the mode, PostgreSQL standing in for SQLServer."),
    connection: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(64)])
      .optional()
      .describe("Where it is; several: partitions by session id. Default: the bench starts a server of its own."),
    partitions: count(
      "Stores out of process, each session on one by its id. Default: as many as connections, else 1.",
      1,
      64,
    ).optional(),
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
    rules(({ provider, module, connection, partitions }) => [
      connection !== undefined &&
        partitions !== undefined &&
        partitions !== [connection].flat().length && {
          path: ["partitions"],
          given: String(partitions),
          expected: `${[connection].flat().length}, as many as store.connection names: each is a partition`,
          mend: "leave it out, or name a connection for each",
        },
      (partitions ?? 1) > 1 &&
        (provider === "in-proc" || provider === "sealed-cookie") && {
          path: ["partitions"],
          given: String(partitions),
          expected: `none with ${provider}: its sessions are in no store out of process`,
          mend: "leave it out",
        },
      (provider === "module" || provider === "express-session") &&
        module === undefined && {
          path: ["module"],
          given: "left out",
          expected: provider === "module" ? "the path of the provider" : "the package of the store, like connect-redis",
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
  );
