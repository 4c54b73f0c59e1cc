// An express-session store whose package we do not know: tried in the ways in which such stores are made.
// Source: expressjs/session README, "Compatible Session Stores", and the READMEs of the stores listed there.

import { maskSecrets } from "../../../config/connection-strings.ts";
import { InputError } from "../../../config/problem.ts";
import { messageOf } from "../foreign-error.ts";
import { answerOf, isNoEntry } from "./answer.ts";
import type { FoundModule } from "./modules.ts";
import { type Constructor, expressSession, type Factory, type MadeStore, type RecipeParts } from "./recipe.ts";
import { type ExpressStore, isExpressStore, missingMethods, PROBE_ID } from "./shape.ts";

/**
 * A package that we do not know: each of its exports that may be the store, or make the class of it from express-session, is tried
 * with the connection under the names that stores use for it.
 * @throws InputError saying what was tried.
 */
export async function unknownPackage({ package: found, connection, options, folder }: RecipeParts): Promise<MadeStore> {
  const session = await expressSession(folder);
  const settings = {
    ...(connection === null
      ? {}
      : { connection, url: connection, uri: connection, connectionString: connection, mongoUrl: connection }),
    applicationId: options.applicationId,
  };
  const failures: string[] = [];
  for (const [name, exported] of candidates(found)) {
    try {
      const store = await makeFrom(exported, session, settings);
      if (!isExpressStore(store)) {
        failures.push(`${name} makes something without ${missingMethods(store).join(", ")}`);
        continue;
      }
      await askOnce(store, options.networkTimeoutMs);
      const persistent = connection !== null;
      return {
        store,
        server: null,
        survivesRecycle: persistent,
        sharedBetweenServers: persistent,
        close: () => closeStore(store),
      };
    } catch (error) {
      failures.push(`${name}: ${maskSecrets(messageOf(error))}`);
    }
  }
  const tried = failures.length === 0 ? "it exports none" : failures.join("; ");
  throw new InputError("Cannot open the store", [
    {
      at: "store.module",
      given: `"${found.name}"`,
      expected: `a package whose export is a store's class, or a function of express-session that makes it (${tried})`,
      mend:
        "write a small module that exports createStore(options) and answers the store, and name it as store.module with " +
        "store.provider: module",
    },
  ]);
}

/** A store that cannot be asked was made in the wrong way, or what is behind it is not there. */
async function askOnce(store: ExpressStore, timeoutMs: number | null): Promise<void> {
  try {
    await answerOf("get", store.get.length - 1, timeoutMs, (callback) => store.get(PROBE_ID, callback));
  } catch (error) {
    if (isNoEntry(error)) return;
    await closeStore(store).catch(() => undefined);
    throw error;
  }
}

function candidates({ exports }: FoundModule): [string, unknown][] {
  const whole = exports.default;
  const inside = typeof whole === "object" && whole !== null ? Object.entries(whole) : [];
  const named = [...Object.entries(exports), ...inside].filter(([name]) => /Store$/.test(name));
  const all: [string, unknown][] = [["its default export", whole], ...named];
  return all.filter(([, value], index) => {
    return typeof value === "function" && all.findIndex(([, other]) => other === value) === index;
  });
}

async function makeFrom(exported: unknown, session: unknown, settings: unknown): Promise<unknown> {
  const { create, prototype } = exported as { create?: unknown; prototype?: unknown };
  if (typeof create === "function") return create.call(exported, settings);
  if (isExpressStore(prototype)) return new (exported as Constructor)(settings);
  const made = await (exported as Factory)(session);
  return typeof made === "function" ? new (made as Constructor)(settings) : made;
}

/** By the first way of ending that the store has. */
async function closeStore(store: ExpressStore): Promise<void> {
  const methods = store as unknown as Record<string, unknown>;
  const end = ["close", "quit", "end", "disconnect"]
    .map((name) => methods[name])
    .find((each) => typeof each === "function");
  await (end as (() => unknown) | undefined)?.call(store);
}
