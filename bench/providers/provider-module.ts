// A provider of the user's own, loaded by path: a module that exports `createStore(options)`. It may answer a store of bytes, a
// store for express-session, or a store of items that marks itself as one. Whatever goes wrong in it is the user's to mend, so it
// is told with the module's own words and place, never as a fault of ours. scenarios/providers/ has one to start from.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { maskSecrets } from "../../config/connection-strings.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import { storeOperations } from "../../config/scenario.ts";
import type { ByteStore, ByteStoreOptions } from "./byte-store.ts";
import { expressSessionStore } from "./express-session/express-session-store.ts";
import { type ExpressStore, isExpressStore } from "./express-session/shape.ts";
import { messageOf, storeErrorOf } from "./foreign-error.ts";
import type { SessionStore, StoreCapabilities } from "./session-store.ts";

/** What a provider's `createStore` is called with. */
export interface ProviderOptions extends ByteStoreOptions {
  /** store.connection; null where none is given. */
  readonly connection: string | null;
}

/** A store of live items says so by this mark, since it has the same methods as a store of bytes. */
export type ItemStore = SessionStore & { readonly contract: "items"; readonly engine?: string };

export type LoadedProvider =
  | { readonly kind: "bytes"; readonly store: ByteStore }
  | { readonly kind: "items"; readonly store: SessionStore; readonly engine: string };

type Methods = Record<string, unknown>;

const capabilityNames: readonly (keyof StoreCapabilities)[] = [
  "exclusiveLocks",
  "sessionEnd",
  "survivesRecycle",
  "sharedBetweenServers",
  "liveReferences",
  "heldByClient",
];

const CHECK_MS_MAX = 5_000;

/**
 * @param modulePath .js, .mjs, .cjs or .ts; from the folder where the user works.
 * @returns the store that the module made. Whatever its methods throw later is a StoreError.
 * @throws InputError when it cannot be loaded, makes no store, or fails while making it; StoreError where it says so itself.
 */
export async function loadProvider(modulePath: string, options: ProviderOptions): Promise<LoadedProvider> {
  const file = path.resolve(modulePath);
  const createStore = await importCreateStore(file);
  let made: unknown;
  try {
    made = await createStore(options);
  } catch (error) {
    if (error instanceof Error && error.name === "StoreError") throw storeErrorOf(error, path.basename(file));
    throw refusal(file, [failure(file, "createStore", error)]);
  }
  return recognise(file, made, options);
}

async function importCreateStore(file: string): Promise<(options: ProviderOptions) => unknown> {
  let exports: Methods;
  try {
    exports = (await import(pathToFileURL(file).href)) as Methods;
  } catch (error) {
    throw refusal(file, [failure(file, "the module", error)]);
  }
  const whole = exports.default;
  const inside = typeof whole === "object" && whole !== null ? (whole as Methods).createStore : whole;
  const createStore = exports.createStore ?? inside;
  if (typeof createStore === "function") return (given) => createStore(given) as unknown;
  const names = Object.keys(exports).join(", ");
  throw refusal(file, [
    {
      at: "store.module",
      given: names === "" ? "without exports" : `exporting ${names}`,
      expected: "a function createStore(options), or one as default export",
      mend: "export it; options hold the connection and minuteMs, and it answers the store or a promise of it",
      file,
    },
  ]);
}

function recognise(file: string, made: unknown, options: ProviderOptions): LoadedProvider {
  const name = path.basename(file);
  const methods = typeof made === "object" && made !== null ? (made as Methods) : {};
  const hasOperation = storeOperations.some((operation) => typeof methods[operation] === "function");
  if (!hasOperation && isExpressStore(made)) {
    const { engine } = made as ExpressStore & { engine?: unknown };
    const close = typeof methods.close === "function" ? methods.close : undefined;
    const store = expressSessionStore({
      store: made,
      name,
      survivesRecycle: options.connection !== null,
      sharedBetweenServers: options.connection !== null,
      clock: Date.now,
      timeoutMs: options.networkTimeoutMs,
      close: async () => void (await close?.call(made)),
    });
    return { kind: "items", store, engine: typeof engine === "string" ? engine : name };
  }
  if (!hasOperation) {
    throw refusal(file, [
      {
        at: "store.module createStore",
        given: describe(made),
        expected: "a store of bytes (getItemExclusive and its siblings) or one for express-session (get, set, destroy)",
        mend: "answer an object with these methods, or a promise of it",
        file,
      },
    ]);
  }
  if (methods.contract === "items") {
    requireParts(file, methods, storeOperations);
    const { engine } = methods;
    const store = guarded(made as SessionStore, name);
    return { kind: "items", store, engine: typeof engine === "string" ? engine : name };
  }
  requireParts(file, methods, [...storeOperations, "close"]);
  if (typeof methods.engine !== "string" || methods.engine === "") {
    throw refusal(file, [
      {
        at: "store.module createStore, engine",
        given: methods.engine === undefined ? "" : describe(methods.engine),
        expected: 'the engine and its version, as "PostgreSQL 18.4"',
        mend: "add it: reports name it",
        file,
      },
    ]);
  }
  return { kind: "bytes", store: guarded(made as ByteStore, name) };
}

/** @throws InputError naming every method and every capability that is missing. */
function requireParts(file: string, store: Methods, required: readonly string[]): void {
  const problems: Problem[] = [];
  const missing = required.filter((name) => typeof store[name] !== "function");
  if (missing.length > 0) {
    problems.push({
      at: `store.module createStore, ${missing.join(", ")}`,
      given: "",
      expected: `a method of the store (it has ${required.filter((name) => !missing.includes(name)).join(", ")})`,
      mend: "add what is missing; scenarios/providers/ has a provider to look at",
      file,
    });
  }
  const declared = (typeof store.capabilities === "object" ? store.capabilities : null) as Methods | null;
  const undeclared = capabilityNames.filter((name) => typeof declared?.[name] !== "boolean");
  if (undeclared.length > 0) {
    problems.push({
      at: "store.module createStore, capabilities",
      given: declared === null ? "" : `without ${undeclared.join(", ")}`,
      expected: `an object of ${capabilityNames.join(", ")}, each true or false`,
      mend: "say of each whether the store can do it",
      file,
    });
  }
  if (problems.length > 0) throw refusal(file, problems);
}

/** The same store; whatever a method throws or rejects with is a StoreError. Fields and methods that we do not know stay away. */
function guarded<T extends ByteStore | SessionStore>(store: T, name: string): T {
  const methods = store as unknown as Methods;
  const calls = [...storeOperations, "census", "deleteExpired", "close"]
    .filter((call) => typeof methods[call] === "function")
    .map((call) => [
      call,
      async (...rest: unknown[]) => {
        try {
          return await (methods[call] as (...rest: unknown[]) => unknown).apply(store, rest);
        } catch (error) {
          throw storeErrorOf(error, `${name} ${call}`);
        }
      },
    ]);
  const { capabilities } = store;
  return { capabilities, engine: methods.engine, ...Object.fromEntries(calls) } as T;
}

function refusal(file: string, problems: readonly Problem[]): InputError {
  return new InputError(`Cannot use the provider "${path.basename(file)}"`, problems);
}

/** An error of the module, where in it it came about. */
function failure(file: string, what: string, error: unknown): Problem {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const message = maskSecrets(messageOf(error));
  if (what === "the module" && code === "ERR_MODULE_NOT_FOUND" && !isInside(file, error) && message.includes(file)) {
    return { at: "store.module", given: `"${file}"`, expected: "a module that is there", mend: "mend the path" };
  }
  return {
    at: "store.module",
    given: `failing: ${error instanceof Error ? `${error.name}: ` : ""}${message}`,
    expected: what === "createStore" ? "createStore to answer a store" : "a module that loads",
    mend: "mend the module",
    ...placeOf(file, error),
  };
}

function isInside(file: string, error: unknown): boolean {
  return /imported from (.+)$/m.exec(messageOf(error))?.[1]?.startsWith(file) ?? false;
}

/** The innermost line of the module's own that the stack names; else the file alone. */
function placeOf(file: string, error: unknown): Pick<Problem, "file" | "line" | "column"> {
  const place = placeIn(file, error instanceof Error ? (error.stack ?? "") : "");
  if (place.line !== undefined) return place;
  // Of a module that is not JavaScript, import() tells no place, but Node does when asked to look at it.
  const check = spawnSync(process.execPath, ["--check", file], { encoding: "utf8", timeout: CHECK_MS_MAX });
  return placeIn(file, check.stderr ?? "");
}

function placeIn(file: string, stack: string): Pick<Problem, "file" | "line" | "column"> {
  for (const line of stack.split("\n")) {
    const match = /(file:\/\/\/[^\s)]+?|\/[^\s)]+?|[A-Za-z]:\\[^)]+?)(?:\?[^:)]*)?:(\d+)(?::(\d+))?\)?$/.exec(
      line.trim(),
    );
    if (match === null) continue;
    const [, place, lineNumber, column] = match;
    const at = place!.startsWith("file:") ? fileURLToPath(place!) : place;
    if (at !== file) continue;
    return { file, line: Number(lineNumber), ...(column === undefined ? {} : { column: Number(column) }) };
  }
  return { file };
}

function describe(value: unknown): string {
  if (value === null || typeof value !== "object") return typeof value === "function" ? "a function" : String(value);
  const names = Object.keys(value).slice(0, 8).join(", ");
  return names === "" ? "an object without fields" : `an object with ${names}`;
}
