import { existsSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openSubject } from "../../../bench/conformance/open-subject.ts";
import { rules } from "../../../bench/conformance/rules.ts";
import { type ConformanceReport, runConformance } from "../../../bench/conformance/run-conformance.ts";

const needsRedis = lackOf("redis-server");
const needsMariaDb = lackOf("mariadbd");

/** What is missing, for whoever reads why tests were skipped; null when the program is there. */
function lackOf(program: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"];
  return folders.some((folder) => existsSync(path.join(folder, program))) ? null : `${program} is not installed`;
}

/** Each on a server of its own, where it needs one; `locks` is what the store declares. */
const providers = [
  { name: "session-file-store", locks: false, lacking: null },
  { name: "connect-redis", locks: false, lacking: needsRedis },
  { name: "connect-pg-simple", locks: false, lacking: null },
  { name: "postgresql", locks: true, lacking: null },
  { name: "mariadb", locks: true, lacking: needsMariaDb },
  { name: "redis", locks: true, lacking: needsRedis },
  { name: "state-server", locks: true, lacking: null },
  { name: "sqlite", locks: true, lacking: null },
  { name: "in-proc", locks: true, lacking: null },
  { name: "sealed-cookie", locks: false, lacking: null },
  { name: "MemoryStore", locks: false, lacking: null },
  { name: "memorystore", locks: false, lacking: null },
] as const;

/** The kit mostly waits for time to pass, so several stores are examined at once. */
const AT_ONCE = 4;
const reports = new Map<string, Promise<Verified>>();

interface Verified {
  readonly report: ConformanceReport;
  /** Sessions in the store after the kit is done; null where it cannot count them. */
  readonly left: number | null;
}

async function verify(name: string): Promise<Verified> {
  const request = { name, connections: [], options: {}, compression: false, like: null, mayDelete: false };
  const { subject, close } = await openSubject(request);
  try {
    const report = await runConformance(subject, { signal: new AbortController().signal });
    return { report, left: (await subject.opened.store.census?.())?.stored ?? null };
  } finally {
    await close();
  }
}

beforeAll(async () => {
  const queue = providers.filter(({ lacking }) => lacking === null).map(({ name }) => name);
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const report = verify(name);
      reports.set(name, report);
      await report.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
});

for (const { name, locks, lacking } of providers) {
  describe.skipIf(lacking !== null)(`${name}${lacking === null ? "" : ` (${lacking})`}`, () => {
    const verdicts = async (verdict: string) =>
      (await reports.get(name))?.report.rules.filter((rule) => rule.verdict === verdict) ?? [];

    test("breaks no rule, and every rule that applies is judged", async () => {
      const verified = await reports.get(name);
      expect(verified?.report.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
      expect(await verdicts("fails")).toEqual([]);
      // A machine that is busy with other tests may miss the moment that a rule asks about, five times over; that is then said.
      expect((await verdicts("not judged")).filter(({ evidence }) => !/came late$/.test(evidence))).toEqual([]);
      expect((await verdicts("holds")).length).toBeGreaterThan(15);
    });

    test("is left without any session of the kit's", async () => {
      expect([0, null]).toContain((await reports.get(name))?.left);
    });

    test(locks ? "has the locks it declares" : "fails just the rules about locks, as it declares", async () => {
      const exempt = (await verdicts("does not apply")).map(({ id }) => id);
      const aboutLocks = rules.filter((rule) => rule.needs === "exclusive locks" && !exempt.includes(rule.id));
      const failed = (await verdicts("fails as declared")).map(({ id }) => id);
      expect(failed).toEqual(locks ? [] : aboutLocks.map(({ id }) => id));
      expect(aboutLocks.length).toBeGreaterThan(15);
    });
  });
}
