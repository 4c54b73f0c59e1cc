import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behaviourOf } from "../../../bench/conformance/behaviour.ts";
import { openInProc } from "../../../bench/conformance/in-proc-subject.ts";
import { verifyOptions } from "../../../bench/conformance/open-subject.ts";
import type { Subject } from "../../../bench/conformance/rule.ts";
import { rules } from "../../../bench/conformance/rules.ts";
import { runConformance } from "../../../bench/conformance/run-conformance.ts";
import { type OpenedStore, openSessionStore } from "../../../bench/providers/open-session-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { StoreSettings } from "../../../bench/providers/store-settings.ts";
import * as broken from "./broken-stores.ts";

const MINUTE_MS = 500;
/** Locks are looked at once more a second after this; broken ones end just before. */
const EXECUTION_TIMEOUT_MS = 800;
const LOCK_ENDS_AFTER_MS = 1_600;

const folder = mkdtempSync(path.join(tmpdir(), "sessionlab-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inProc(change: broken.Break): Subject {
  const opened = openInProc(MINUTE_MS);
  const store = change(opened.store);
  return {
    name: "broken",
    opened: { ...opened, store },
    behaviour: behaviourOf("in-proc", null, opened.store.capabilities),
    minuteMs: MINUTE_MS,
    executionTimeoutMs: EXECUTION_TIMEOUT_MS,
    ours: true,
    mayDelete: true,
    openAgain: null,
    settings: null,
  };
}

let files = 0;

async function sqlite(
  change: broken.Break,
  changeOpened: Partial<OpenedStore> = {},
  changeSettings: Partial<StoreSettings> = {},
): Promise<Subject> {
  const settings: StoreSettings = {
    provider: "sqlite",
    connections: [path.join(folder, `${files++}.db`)],
    module: null,
    compression: false,
    options: { ...verifyOptions, minuteMs: MINUTE_MS },
    ...changeSettings,
  };
  const open = async (changes: { applicationId?: string } = {}) => {
    const opened = await openSessionStore({ ...settings, options: { ...settings.options, ...changes } });
    return { ...opened, store: change(opened.store), ...changeOpened };
  };
  const opened = await open();
  // What is expected of a user's module that says it is like a database; a file, too, has the clock of the web server.
  const behaviour = behaviourOf(settings.provider, settings.module, opened.store.capabilities, "database");
  return {
    name: "broken",
    opened,
    behaviour,
    minuteMs: MINUTE_MS,
    executionTimeoutMs: EXECUTION_TIMEOUT_MS,
    ours: true,
    mayDelete: true,
    openAgain: open,
    settings,
  };
}

/** The rules whose subject is the lock of a store in one process. */
const lockRules = rules.filter((rule) => rule.needs !== undefined && rule.exempt?.(inProc((store) => store)) == null);

async function failuresOf(subject: Subject): Promise<string[]> {
  const report = await runConformance(subject, { signal: new AbortController().signal });
  const unjudged = report.rules.filter(({ verdict }) => verdict === "not judged");
  expect(unjudged).toEqual([]);
  for (const result of report.rules) expect(result.evidence).not.toBe("");
  return report.rules.filter(({ verdict }) => verdict === "fails").map(({ id }) => id);
}

const inProcCases: readonly (readonly [string, broken.Break, readonly string[]])[] = [
  ["nothing wrong", (store) => store, []],
  ["locks that exclude nobody", broken.neverExcludes, lockRules.map(({ id }) => id)],
  ["readers that are given a locked session", broken.readersSeeThroughLocks, ["reader-sees-lock"]],
  ["readers that keep each other out", broken.readersExcludeEachOther, ["readers-together"]],
  ["lock ids that begin at 1", broken.lockIdsBeginAt1, ["first-lock-id"]],
  [
    "lock ids that are all the same",
    broken.lockIdsAllTheSame,
    [
      "first-lock-id",
      "lock-id-changes",
      "release-by-stranger",
      "set-by-stranger",
      "remove-by-stranger",
      "lock-break",
      "late-write-after-taken",
      "late-release-after-taken",
      "late-remove-after-taken",
    ],
  ],
  ["a lock age that is always 0", broken.lockAgesAre(() => 0), ["lock-age"]],
  ["a lock age in seconds", broken.lockAgesAre((ms) => ms / 1000), ["lock-age"]],
  ["locks that end by themselves", broken.locksEndAfter(LOCK_ENDS_AFTER_MS), ["lock-lasts"]],
  ["anybody may release", broken.anybodyMay("release"), ["release-by-stranger", "late-release-after-taken"]],
  ["anybody may write", broken.anybodyMay("set"), ["set-by-stranger", "late-write-after-taken"]],
  ["anybody may remove", broken.anybodyMay("remove"), ["remove-by-stranger", "late-remove-after-taken"]],
  ["a late writer whose write lands", broken.lateWriterLands, ["late-write-before-taken"]],
  ["locks taken in two steps", broken.locksInTwoSteps, ["one-winner", "no-lost-update", "created-once"]],
  [
    "createUninitializedItem that overwrites",
    broken.createOverwrites,
    ["create-never-overwrites", "create-leaves-lock"],
  ],
  ["new items that never replace", broken.newItemsNeverReplace, ["put-on-existing", "put-on-locked"]],
  [
    "an uninitialised mark that is told twice",
    broken.marks((_told, gets, created) => created && gets < 2),
    ["uninitialised-once-exclusive", "uninitialised-once-read", "created-once"],
  ],
  [
    "an uninitialised mark that is never told",
    broken.marks(() => false),
    [
      "uninitialised-once-exclusive",
      "uninitialised-once-read",
      "removed-id-starts-anew",
      "expired-id-starts-anew",
      "created-once",
    ],
  ],
  [
    "an uninitialised mark that only an exclusive get takes away",
    broken.marks((told, gets, created, exclusive) => told || (created && !exclusive && gets < 3)),
    ["uninitialised-once-exclusive", "uninitialised-once-read"],
  ],
  ["expiry that is 20 % late", broken.expiry({ lengthens: 1.2 }), ["expiry-boundary", "expired-id-starts-anew"]],
  ["expiry that is 20 % early", broken.expiry({ lengthens: 0.8 }), ["expiry-boundary"]],
  ["expiry kept by the wrapper, and rightly", broken.expiry({}), []],
  ["reads that do not slide", broken.expiry({ ignores: "read" }), ["slide-by-read"]],
  ["exclusive gets that do not slide", broken.expiry({ ignores: "exclusive" }), ["slide-by-exclusive-get"]],
  ["reads of a locked session that do not slide", broken.expiry({ ignores: "locked read" }), ["slide-by-locked-read"]],
  [
    "polls for a lock that do not slide",
    broken.expiry({ ignores: "locked exclusive" }),
    ["slide-by-locked-exclusive-get"],
  ],
  ["a reset that does nothing", broken.expiry({ ignores: "reset" }), ["slide-by-reset"]],
  ["releases that do not slide", broken.expiry({ ignores: "release" }), ["slide-by-release"]],
  ["writes that do not slide", broken.expiry({ ignores: "set" }), ["slide-by-set", "expiry-after-timeout-change"]],
  [
    "a timeout that a write cannot change",
    broken.stores((item, before) => ({ items: item.items, timeoutMs: before?.timeoutMs ?? item.timeoutMs })),
    ["timeout-changes-with-set", "expiry-after-timeout-change"],
  ],
  [
    "a write that leaves what the page removed",
    broken.stores((item, before, newItem) => {
      const items = new SessionItems();
      if (!newItem) for (const [name, value] of before?.items ?? []) items.set(name, value);
      for (const [name, value] of item.items) items.set(name, value);
      return { items, timeoutMs: item.timeoutMs };
    }),
    ["set-replaces-whole-state", "empty-state"],
  ],
  [
    "a removal that says nothing of it",
    (store) => ({ ...store, removeItem: async (id, lockId) => (await store.removeItem(id, lockId)) && false }),
    ["owner-removes"],
  ],
  ["ids cut after 79 characters", broken.idsBecome((id) => id.slice(0, 79)), ["ids-do-not-mix"]],
  ["ids that are decoded", broken.idsBecome(decodeURIComponent), ["odd-ids"]],
  [
    "an error for releasing an unknown id",
    (store) => ({
      ...store,
      async releaseItemExclusive(id, lockId) {
        const { item, locked } = await store.getItem(id);
        if (item === null && !locked) throw new Error("no such session");
        return store.releaseItemExclusive(id, lockId);
      },
    }),
    ["unknown-id"],
  ],
  [
    "texts cut after 7,000 characters",
    broken.storesValues((value) => (typeof value === "string" ? value.slice(0, 7_000) : value)),
    ["short-and-long", "large-item"],
  ],
  [
    "a short item one byte too short",
    broken.storesValues((value) => (typeof value === "string" && value.length === 6_976 ? value.slice(1) : value)),
    ["short-and-long"],
  ],
  ["nulls that become empty texts", broken.storesValues((value) => value ?? ""), ["plain-values"]],
  [
    "a Date that becomes text",
    broken.storesValues((value) => (value instanceof Date ? value.toJSON() : value)),
    ["typed-values"],
  ],
  [
    "a text that ends at its first zero",
    broken.storesValues((value) => (typeof value === "string" ? value.split("\0")[0] : value)),
    ["all-bytes"],
  ],
  [
    "no more than 255 items",
    broken.stores(({ items, timeoutMs }) => {
      const kept = new SessionItems();
      for (const [name, value] of [...items].slice(0, 255)) kept.set(name, value);
      return { items: kept, timeoutMs };
    }),
    ["many-items"],
  ],
  [
    "an empty session taken for none",
    broken.emptyIsMissing,
    [
      "uninitialised-once-exclusive",
      "uninitialised-once-read",
      "removed-id-starts-anew",
      "expired-id-starts-anew",
      "created-once",
      "empty-state",
    ],
  ],
  [
    "live objects declared to be copies",
    (store) => ({ ...store, capabilities: { ...store.capabilities, liveReferences: false } }),
    ["copies"],
  ],
  [
    "locks declared not to be there",
    (store) => ({ ...store, capabilities: { ...store.capabilities, exclusiveLocks: false } }),
    lockRules.map(({ id }) => id),
  ],
  [
    "a census that counts nothing",
    (store) => ({ ...store, census: () => ({ stored: 0, live: 0, bytes: null }) }),
    ["census"],
  ],
];

const same: broken.Break = (store) => store;
const clockModule = new URL("./client-clock-store.ts", import.meta.url).pathname;

const sqliteCases: readonly (readonly [string, () => Promise<Subject>, readonly string[]])[] = [
  ["a late writer who is ignored", () => sqlite(broken.lateWriterIgnored), ["late-write-before-taken"]],
  [
    "a deletion of what has expired that does nothing",
    () => sqlite(same, { deleteExpired: async () => ({ sessions: 0, lifetimesMs: 0 }) }),
    ["expired-deleted"],
  ],
  [
    "an expired session that nobody can revive",
    async () => {
      const subject = await sqlite(same);
      const { store, deleteExpired } = subject.opened;
      const getItem = async (id: string) => {
        await deleteExpired?.();
        return store.getItem(id);
      };
      return { ...subject, opened: { ...subject.opened, store: { ...store, getItem } } };
    },
    ["expired-revives"],
  ],
  [
    "one application for all",
    async () => {
      const subject = await sqlite(same);
      return { ...subject, openAgain: () => subject.openAgain!() };
    },
    ["applications-apart"],
  ],
  [
    "the clock of the web server",
    () => sqlite(same, {}, { provider: "module", module: clockModule }),
    ["skewed-lock-age", "skewed-expiry"],
  ],
];

/** They mostly wait, so many go at once. */
const AT_ONCE = 12;
const found = new Map<string, Promise<string[]>>();

beforeAll(async () => {
  const queue = [
    ...inProcCases.map(([what, change]) => ({ what, open: async () => inProc(change) })),
    ...sqliteCases.map(([what, open]) => ({ what, open })),
  ];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const subject = await next.open();
      const failures = failuresOf(subject);
      found.set(next.what, failures);
      await failures.catch(() => undefined);
      await subject.opened.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
});

describe("a store in one process is caught by just the rules it breaks:", () => {
  test.each(inProcCases)("%s", async (what, _change, caught) => {
    expect(await found.get(what)).toEqual(caught);
  });
});

describe("a store with the rules of a database is caught by just the rules it breaks:", () => {
  test.each(sqliteCases)("%s", async (what, _open, caught) => {
    expect(await found.get(what)).toEqual(caught);
  });
});
