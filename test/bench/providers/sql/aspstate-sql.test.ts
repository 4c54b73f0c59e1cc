import { describe, expect, test } from "vitest";
import { aspStateSql, installAspState } from "../../../../bench/providers/sql/aspstate-sql.ts";
import { openSqlServerStoreOn } from "../../../../bench/providers/sql/sqlserver.ts";
import type { SqlParameter, SqlServerClient } from "../../../../bench/providers/sql/sqlserver-client.ts";
import { fakeAspState } from "./aspstate-fake.ts";

/** Name of each procedure, and what stands between its name and AS: what the script says, read back from its text. */
const declared = new Map(
  [...aspStateSql.matchAll(/CREATE PROCEDURE dbo\.(\w+) ?(.*?) ?AS$/gm)].map(([, name, parameters]) => [
    name!,
    parameters!,
  ]),
);

describe("the script for an ASPState database", () => {
  test("makes every procedure that ASP.NET's own makes", () => {
    expect([...declared.keys()].sort()).toEqual(
      [
        "CreateTempTables",
        "DeleteExpiredSessions",
        "GetHashCode",
        "GetMajorVersion",
        "TempGetAppID",
        ...["", "2", "3"].flatMap((version) => [`TempGetStateItem${version}`, `TempGetStateItemExclusive${version}`]),
        "TempGetVersion",
        "TempInsertStateItemLong",
        "TempInsertStateItemShort",
        "TempInsertUninitializedItem",
        "TempReleaseStateItemExclusive",
        "TempRemoveStateItem",
        "TempResetTimeout",
        "TempUpdateStateItemLong",
        "TempUpdateStateItemLongNullShort",
        "TempUpdateStateItemShort",
        "TempUpdateStateItemShortNullLong",
      ].sort(),
    );
  });

  test("declares exactly the parameters that the client sends, in and out", async () => {
    const sent = new Map<string, readonly SqlParameter[]>();
    const { client: database } = fakeAspState(() => 0);
    const client: SqlServerClient = {
      ...database,
      execute(procedure, parameters) {
        sent.set(procedure.replace("dbo.", ""), parameters);
        return database.execute(procedure, parameters);
      },
    };
    const store = await openSqlServerStoreOn(client, {
      minuteMs: 60_000,
      applicationId: "/LM/W3SVC/1/ROOT",
      networkTimeoutMs: null,
      commandTimeoutMs: null,
      connectionRetryMs: 0,
      allowCustomSqlDatabase: false,
      executionTimeoutMs: 110_000,
      user: "web",
      clock: () => 0,
      delay: async () => undefined,
    });
    const [short, long] = [1, 8_000].map((length) => ({ bytes: Buffer.alloc(length, 1), timeoutMinutes: 20 }));
    await store.createUninitializedItem("new", short!);
    for (const before of [short!, long!]) {
      for (const after of [short!, long!]) {
        const id = `${before.bytes.length} to ${after.bytes.length}`;
        await store.setAndReleaseItemExclusive(id, before, null, true);
        await store.getItem(id);
        const { lockId } = await store.getItemExclusive(id);
        await store.setAndReleaseItemExclusive(id, after, lockId, false);
        await store.releaseItemExclusive(id, lockId!);
        await store.resetItemTimeout(id);
        await store.removeItem(id, lockId);
      }
    }
    await store.deleteExpired!();
    expect(sent.size).toBe(16);
    for (const [procedure, parameters] of sent) {
      const names = [...(declared.get(procedure) ?? "").matchAll(/@(@?\w+) [\w()]+( OUTPUT)?/g)];
      expect(
        names.map(([, name, output]) => [name, output !== undefined]),
        procedure,
      ).toEqual(parameters.map(({ name, value }) => [name, value === undefined]));
    }
  });

  test("comes in batches of which each makes what is not there, with its quotes closed", async () => {
    const batches: string[] = [];
    const { client } = fakeAspState(() => 0);
    await installAspState({
      ...client,
      async query(text) {
        batches.push(text);
        return { output: {}, recordsets: [], rowsAffected: [] };
      },
    });
    expect(batches).toHaveLength(declared.size + 2);
    for (const batch of batches) {
      expect(batch).not.toMatch(/^\s*GO\s*$/im);
      const code = batch.replace(/^--.*$/gm, "");
      expect(code.split("'").length % 2, batch).toBe(1);
      expect(code.split("(").length, batch).toBe(code.split(")").length);
      const lines = code.split("\n").map((line) => line.trim());
      expect(lines.filter((line) => line === "BEGIN").length, batch).toBe(
        lines.filter((line) => line === "END").length,
      );
    }
    for (const batch of batches.slice(1, -1)) {
      const [, checked, made, body] =
        /^IF OBJECT_ID\(N'dbo\.(\w+)', N'P'\) IS NULL EXEC\(N'CREATE PROCEDURE dbo\.(\w+)(.*)'\)$/s.exec(batch)!;
      expect(made).toBe(checked);
      // Inside the text every quote stands twice.
      expect(body!.replaceAll("''", "")).not.toContain("'");
    }
    expect(batches.at(-1)).toContain("EXEC dbo.CreateTempTables");
  });
});
