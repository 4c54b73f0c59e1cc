import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createClient } from "redis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { findRedisServer, startRedis } from "../../../bench/servers/redis-server.ts";
import { isListening, isRunning } from "../processes.ts";

async function clientOf(connection: string) {
  const client = createClient({ url: connection, socket: { reconnectStrategy: false } });
  // It is closed when the server goes, which is what these tests are about.
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => void (client.isOpen && client.destroy()));
  return client;
}

describe.skipIf(findRedisServer() === undefined)(
  "a Redis of our own (needs redis-server, which is not installed here)",
  () => {
    test("listens on the loopback address alone, wants its password and keeps nothing on disk", async () => {
      const server = await startRedis();
      onTestFinished(() => server.stop());
      expect(server.engine).toMatch(/^Redis \d/);
      const password = new URL(server.connection).password;
      expect(password.length).toBeGreaterThan(30);
      expect(await readFile(`/proc/${server.pid()}/cmdline`, "utf8")).not.toContain(password);
      const client = await clientOf(server.connection);
      expect(await client.configGet(["bind", "save", "appendonly"])).toMatchObject({
        bind: "127.0.0.1",
        save: "",
        appendonly: "no",
      });
      const stranger = await clientOf(`redis://127.0.0.1:${server.port}`);
      await expect(stranger.get("key")).rejects.toThrow(/NOAUTH/);
    });

    test("leaves neither process nor folder behind when it is stopped", async () => {
      const server = await startRedis({ password: "" });
      const folder = (await (await clientOf(server.connection)).configGet("dir")).dir!;
      const pid = server.pid();
      expect(existsSync(folder)).toBe(true);
      await server.stop();
      await server.stop();
      expect(isRunning(pid)).toBe(false);
      expect(existsSync(folder)).toBe(false);
      expect(await isListening(server.port)).toBe(false);
    });

    for (const appendOnly of [false, true]) {
      test(`${appendOnly ? "keeps" : "loses"} its data in a kill -9 ${appendOnly ? "with" : "without"} an append-only file`, async () => {
        const server = await startRedis({ appendOnly, password: "chosen" });
        onTestFinished(() => server.stop());
        await (await clientOf(server.connection)).set("key", "value");
        const pid = server.pid();
        await server.kill();
        expect(isRunning(pid)).toBe(false);
        await server.restart();
        expect(server.pid()).not.toBe(pid);
        expect(await (await clientOf(server.connection)).get("key")).toBe(appendOnly ? "value" : null);
      });
    }
  },
);

test("where redis-server is not installed, the way to install it is told", async () => {
  vi.stubEnv("PATH", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startRedis()).rejects.toThrow(/apt-get install redis-server/);
});
