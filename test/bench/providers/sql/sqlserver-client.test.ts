import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ByteStoreOptions } from "../../../../bench/providers/byte-store.ts";
import { openSqlServerStore } from "../../../../bench/providers/sql/sqlserver.ts";
import { connectSqlServer, SqlServerFault } from "../../../../bench/providers/sql/sqlserver-client.ts";
import { parseSqlServerConnection } from "../../../../bench/providers/sql/sqlserver-connection.ts";
import { freePort } from "../../../../bench/servers/free-port.ts";
import { until } from "../../processes.ts";
import { fakeAspState } from "./aspstate-fake.ts";
import { type Login, startTdsServer } from "./tds-server.ts";

const options: ByteStoreOptions = {
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 5_000,
  commandTimeoutMs: 5_000,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

const short = { bytes: Buffer.from([1, 0, 255, 7]), timeoutMinutes: 20 };
const long = { bytes: Buffer.from(Array.from({ length: 20_000 }, (_, at) => at % 251)), timeoutMinutes: 20 };
const missing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

async function startDatabase(login: (given: Login) => readonly SqlServerFault[] = () => []) {
  const database = fakeAspState(() => Date.now());
  const server = await startTdsServer(database.client, login);
  onTestFinished(() => server.stop());
  return { database, server, connection: `server=tcp:127.0.0.1,${server.port};uid=web;pwd=s3cret;Encrypt=False` };
}

async function opened(changes: Partial<ByteStoreOptions> = {}) {
  const started = await startDatabase();
  const store = await openSqlServerStore(started.connection, { ...options, ...changes });
  onTestFinished(() => store.close());
  return { ...started, store };
}

async function refusal(connection: string): Promise<unknown> {
  const error: unknown = await openSqlServerStore(connection, { ...options, networkTimeoutMs: 500 }).catch(
    (caught: unknown) => caught,
  );
  expect(String((error as Error).message)).not.toContain("s3cret");
  return error;
}

// There is no SQL Server to be had here; the driver is real, and so is the socket.
describe("the driver, over a socket, on a database that speaks TDS", () => {
  test("logs in to ASPState as it is told", async () => {
    const { server, store } = await opened();
    expect(server.logins[0]).toEqual({ user: "web", password: "s3cret", database: "ASPState" });
    expect(store.engine).toBe("SQL Server 16.0.4135.4");
  });

  test("carries states in the row and beside it, there and back", async () => {
    const { store, database } = await opened();
    for (const [id, before, after] of [
      ["grows", short, long],
      ["shrinks", long, short],
    ] as const) {
      await store.setAndReleaseItemExclusive(id, before, null, true);
      expect((await store.getItem(id)).item?.bytes).toEqual(before.bytes);
      const { item, lockId } = await store.getItemExclusive(id);
      expect(item?.bytes).toEqual(before.bytes);
      expect(lockId).toBe(2);
      await store.setAndReleaseItemExclusive(id, after, lockId, false);
      expect((await store.getItem(id)).item?.bytes).toEqual(after.bytes);
    }
    expect(database.rows.size).toBe(2);
  });

  test("tells a locked session from a missing one, and whether a removal removed", async () => {
    const { store } = await opened();
    expect(await store.getItemExclusive("id")).toEqual(missing);
    await store.createUninitializedItem("id", short);
    await store.setAndReleaseItemExclusive("id", long, null, true);
    expect(await store.getItemExclusive("id")).toMatchObject({ initialize: true, lockId: 2 });
    expect(await store.getItem("id")).toMatchObject({ item: null, locked: true, lockId: 2, initialize: false });
    expect(await store.removeItem("id", 1)).toBe(false);
    expect(await store.removeItem("id", 2)).toBe(true);
    expect(await store.getItem("id")).toEqual(missing);
  });

  test("asks nothing beside the procedures while requests are served", async () => {
    const { store, database } = await opened();
    database.calls.length = 0;
    await store.setAndReleaseItemExclusive("id", short, null, true);
    const { lockId } = await store.getItemExclusive("id");
    await store.releaseItemExclusive("id", lockId!);
    await store.resetItemTimeout("id");
    expect(database.calls).toEqual([
      "TempInsertStateItemShort",
      "TempGetStateItemExclusive3",
      "TempReleaseStateItemExclusive",
      "TempResetTimeout",
    ]);
  });

  test("lets exactly one of many have the lock, on connections of their own", async () => {
    const { store, server } = await opened();
    await store.setAndReleaseItemExclusive("id", short, null, true);
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.getItemExclusive("id")));
    expect(answers.filter(({ item }) => item !== null)).toHaveLength(1);
    expect(server.connections()).toBeGreaterThan(1);
  });

  test("counts, and tells of the job", async () => {
    const { store } = await opened();
    await store.setAndReleaseItemExclusive("id", short, null, true);
    expect(await store.census!()).toEqual({ stored: 1, live: 1, bytes: 81_920 });
    expect(await store.deleteExpired!()).toEqual({ sessions: 0, lifetimesMs: 0 });
  });

  test("a refused login is told in ASP.NET's words", async () => {
    const { connection } = await startDatabase(() => [new SqlServerFault("Login failed for user 'web'.", 18456, 14)]);
    expect(await refusal(connection)).toMatchObject({
      kind: "login",
      message: "Failed to login to session state SQL server for user 'web'.",
    });
  });

  test("a database that is not there is told apart from a refused login", async () => {
    const { connection } = await startDatabase(() => [
      new SqlServerFault('Cannot open database "ASPState" requested by the login. The login failed.', 4060, 11),
      new SqlServerFault("Login failed for user 'web'.", 18456, 14),
    ]);
    expect(await refusal(connection)).toMatchObject({ kind: "schema", message: expect.stringContaining('"ASPState"') });
  });

  test("missing procedures are told with the way to get them", async () => {
    const { connection, database } = await startDatabase();
    database.drop("TempGetStateItem3");
    const store = await openSqlServerStore(connection, options);
    onTestFinished(() => store.close());
    await expect(store.getItem("id")).rejects.toMatchObject({
      kind: "schema",
      message: expect.stringMatching(/TempGetStateItem3.*aspnet_regsql/),
    });
  });

  test("a command that takes too long is given up after sqlCommandTimeout", async () => {
    const { store, server } = await opened({ commandTimeoutMs: 150 });
    server.hang(true);
    await expect(store.getItem("id")).rejects.toMatchObject({ name: "StoreError", kind: "timeout" });
    server.hang(false);
    expect(await store.getItem("id")).toEqual(missing);
  });

  test("broken connections fail the call in flight and are replaced for the next", async () => {
    const { store, server } = await opened();
    server.hang(true);
    const waiting = expect(store.getItem("id")).rejects.toMatchObject({ kind: "unreachable" });
    await until("the call is on its way", () => server.unanswered() > 0);
    server.breakAll();
    await waiting;
    server.hang(false);
    expect(await store.getItem("id")).toEqual(missing);
  });

  test("nobody there is told in ASP.NET's words", async () => {
    const nobody = `server=127.0.0.1,${await freePort()};uid=web;pwd=s3cret;Encrypt=False`;
    expect(await refusal(nobody)).toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(/^Unable to connect to SQL Server session database\./),
    });
  });

  test("somebody else there is given up in time", async () => {
    for (const [answer, kind] of [
      [(socket: Socket) => socket.destroy(), "unreachable"],
      [(socket: Socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), "unreachable"],
      [() => undefined, "timeout"],
    ] as const) {
      const peer = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => answer(socket));
      });
      await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void peer.close());
      const { port } = peer.address() as AddressInfo;
      expect(await refusal(`server=127.0.0.1,${port};uid=web;pwd=s3cret;Encrypt=False`)).toMatchObject({ kind });
    }
  });

  test("goes on with new connections when the pool was cleared", async () => {
    const { server } = await startDatabase();
    const address = parseSqlServerConnection(`server=127.0.0.1,${server.port};uid=web;Encrypt=False`, options);
    const client = await connectSqlServer(address, { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 });
    onTestFinished(() => client.close());
    await client.execute("dbo.TempGetVersion", [{ name: "ver", type: "version" }]);
    await client.clearPool();
    await until("the old connections are closed", () => server.connections() === 0);
    const { output } = await client.execute("dbo.GetMajorVersion", [{ name: "@ver", type: "int" }]);
    expect(output).toEqual({ "@ver": 16 });
  });

  test("closes every connection", async () => {
    const { store, server } = await opened();
    await Promise.all(Array.from({ length: 5 }, () => store.getItem("id")));
    await store.close();
    await until("all are closed", () => server.connections() === 0);
  });
});
