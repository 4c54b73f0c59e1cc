// Entries put into a history: whole, each once, in order of time, or none of them.

import { InputError, type Problem } from "../../config/problem.ts";
import type { HistoryEntry } from "../../metrics/history/history.ts";
import { identityOf, inOrder, seriesKeyOf } from "../../metrics/history/series-of.ts";
import { entryFileName, stringifyEntry } from "../../reports/history/entry-file.ts";
import { comesBefore } from "../commit-order.ts";
import { type PlacedEntry, readEntries, shortened } from "./history-read.ts";
import type { HistoryStore } from "./history-store.ts";

export interface NewEntry {
  readonly entry: HistoryEntry;
  /** The file it comes from. */
  readonly from: string;
}

export interface AddOptions {
  /** Leave out what the history has already, instead of refusing. */
  readonly newOnly: boolean;
  /** Take entries that are older than the newest of their series. */
  readonly allowOlder: boolean;
  readonly message: string;
}

export interface Added {
  /** As the user finds them. */
  readonly places: readonly string[];
  /** Known before, and left out. */
  readonly known: number;
}

/** Writers that come in between before we give up; each of them got its turn. */
const TRIES = 5;

/** @throws InputError, with nothing added, when a run is there already, or is older than what is there. */
export async function addEntries(store: HistoryStore, added: readonly NewEntry[], options: AddOptions): Promise<Added> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await store.read({ orEmpty: true });
    const present = readEntries(store, found);
    const fresh = options.newOnly ? withoutKnown(added, present) : added;
    const problems = [
      ...duplicates(fresh, present),
      ...(options.allowOlder ? [] : await older(withoutKnown(fresh, present), present)),
    ];
    if (problems.length > 0) throw new InputError("Nothing was added", shortened(problems));
    const known = added.length - fresh.length;
    if (fresh.length === 0) return { places: [], known };
    const files = inOrder(fresh.map(({ entry }) => entry)).map((entry) => {
      const content = stringifyEntry(entry);
      return { name: entryFileName(entry, content), content };
    });
    if (await store.append(files, found.version, options.message)) {
      return { places: files.map(({ name }) => store.placeOf(name)), known };
    }
  }
  const expected = "a moment in which nobody else does";
  throw new InputError("Nothing was added", [
    { at: store.name, given: "being written to all the time, or locked", expected, mend: "try again" },
  ]);
}

function withoutKnown(added: readonly NewEntry[], present: readonly PlacedEntry[]): readonly NewEntry[] {
  const known = new Set(present.map(({ entry }) => identityOf(entry)));
  return added.filter(({ entry }) => !known.has(identityOf(entry)));
}

function duplicates(added: readonly NewEntry[], present: readonly PlacedEntry[]): readonly Problem[] {
  const seen = new Map(present.map(({ entry, place }) => [identityOf(entry), place]));
  const places = new Set(seen.values());
  return added.flatMap(({ entry, from }) => {
    const identity = identityOf(entry);
    const first = seen.get(identity);
    seen.set(identity, first ?? from);
    if (first === undefined) return [];
    const given = places.has(first)
      ? `in the history already: ${first}`
      : `in ${first === from ? "these files" : first} too`;
    return [{ at: told(entry), given, expected: "each run once", mend: "leave it out", file: from }];
  });
}

async function older(added: readonly NewEntry[], present: readonly PlacedEntry[]): Promise<readonly Problem[]> {
  const newest = new Map<string, HistoryEntry>();
  for (const entry of inOrder(present.map((one) => one.entry))) newest.set(seriesKeyOf(entry), entry);
  const problems: Problem[] = [];
  for (const { entry, from } of [...added].sort((a, b) => (a.entry.at < b.entry.at ? -1 : 1))) {
    const last = newest.get(seriesKeyOf(entry));
    if (last === undefined || entry.at >= last.at) newest.set(seriesKeyOf(entry), entry);
    if (last === undefined) continue;
    const given = await whyOlder(entry, last);
    if (given === null) continue;
    const expected = "runs in the order of their commits, as the clock has it";
    const mend = "check the machine's clock; --allow-older adds it all the same, where its time says";
    problems.push({ at: told(entry), given, expected, mend, file: from });
  }
  return problems;
}

/** A clock that was set back gives a newer commit an older time, one that was ahead gives an older commit a newer one. */
async function whyOlder(entry: HistoryEntry, last: HistoryEntry): Promise<string | null> {
  if (entry.at < last.at) return `older than the newest run of its kind, of ${last.at}`;
  if (entry.commit === null || last.commit === null || entry.commit === last.commit) return null;
  const before = await comesBefore(entry.commit, last.commit);
  if (before !== true || (await comesBefore(last.commit, entry.commit)) === true) return null;
  return `of commit ${entry.commit.slice(0, 12)}, which comes before ${last.commit.slice(0, 12)} of the newest run`;
}

function told({ scenario, label, at }: HistoryEntry): string {
  return `the run of "${scenario}", ${label}, at ${at}`;
}
