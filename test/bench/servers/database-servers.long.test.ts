import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ManagedServer } from "../../../bench/servers/managed-server.ts";
import { startMariaDb } from "../../../bench/servers/mariadb-server.ts";
import { startPostgreSql } from "../../../bench/servers/postgresql-server.ts";
import { descendantsOf, hasEnded } from "../../../bench/servers/process-end.ts";
import { isListening, until } from "../processes.ts";

const hasMariaDb = existsSync("/usr/sbin/mariadbd");
const engines: readonly [name: string, start: () => Promise<ManagedServer>, missing: string | false][] = [
  ["PostgreSQL", startPostgreSql, false],
  ["MariaDB", startMariaDb, hasMariaDb ? false : "mariadbd, of apt-get install mariadb-server"],
];

/** In place of the one for temporary files, so that all that is in it was made here. The servers' user must be able to enter it. */
async function openTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "sessionlab-test-"));
  await chmod(folder, 0o755);
  return folder;
}

const familyOf = (pid: number) => [pid, ...descendantsOf(pid)];

describe.each(engines)("a %s server of our own", (name, start, missing) => {
  const title = missing === false ? "" : ` (skipped: needs ${missing})`;

  describe.skipIf(missing !== false)(`in its life${title}`, () => {
    let folder: string;
    let server: ManagedServer;
    beforeAll(async () => {
      folder = await openTemporaryFolder();
      vi.stubEnv("TMPDIR", folder);
      server = await start();
    });
    afterAll(async () => {
      await server?.stop();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    });

    test("listens on the loopback address only, with a password that is not short", async () => {
      const { hostname, password, port } = new URL(server.connection.replace(/^\w+:/, "http:"));
      expect(hostname).toBe("127.0.0.1");
      expect(Number(port)).toBe(server.port);
      expect(password.length).toBeGreaterThanOrEqual(24);
      expect(server.engine).toMatch(new RegExp(`^${name} \\d+\\.\\d+`));
      if (process.platform === "linux") expect(await listeningAddresses(server.port)).toEqual(["0100007F"]);
    });

    test("killed, it is gone with all it forked; restarted, it has the same port", async () => {
      const segments = await sharedMemory(server.pid());
      const before = familyOf(server.pid());
      await server.kill();
      const left = await sharedMemory();
      expect(segments.filter((id) => left.includes(id))).toEqual([]);
      expect(before.every(hasEnded)).toBe(true);
      expect(await isListening(server.port)).toBe(false);
      await server.restart();
      expect(await isListening(server.port)).toBe(true);
      expect(before).not.toContain(server.pid());
    });

    test("stopped, it leaves no process, port nor file, and a second stop does nothing", async () => {
      expect(await readdir(folder)).toHaveLength(1);
      const family = familyOf(server.pid());
      await server.stop();
      await server.stop();
      expect(family.every(hasEnded)).toBe(true);
      expect(await isListening(server.port)).toBe(false);
      expect(await readdir(folder)).toEqual([]);
    });
  });

  test.skipIf(missing !== false).each([
    ["ends without stopping it", "process.exit(0)"],
    ["is killed", "process.kill(process.pid, 'SIGKILL')"],
  ])(`leaves nothing when its owner %s${title}`, async (_, end) => {
    const file = path.join(import.meta.dirname, `../../../bench/servers/${name.toLowerCase()}-server.ts`);
    const script = `
      const { start${name === "PostgreSQL" ? "PostgreSql" : "MariaDb"}: start } = await import(${JSON.stringify(file)});
      const server = await start();
      console.log(server.pid(), server.port);
      process.stdin.once("data", () => ${end});`;
    const folder = await openTemporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [pid = 0, port = 0] = await new Promise<number[]>((resolve) => {
      owner.stdout.once("data", (line) => resolve(String(line).trim().split(" ").map(Number)));
    });
    const family = familyOf(pid);
    expect(hasEnded(pid)).toBe(false);
    expect(await readdir(folder)).toHaveLength(1);
    owner.stdin.write("end\n");
    await until("all processes have ended", () => family.every(hasEnded));
    await until("its folder is gone", async () => (await readdir(folder)).length === 0);
    expect(await isListening(port)).toBe(false);
  });
});

/** Ids of the System V shared memory that a process made, or all there are; none where /proc does not tell. */
async function sharedMemory(creator?: number): Promise<string[]> {
  const table = await readFile("/proc/sysvipc/shm", "utf8").catch(() => "");
  const rows = table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return rows.filter(([, , , , pid]) => creator === undefined || pid === String(creator)).map(([, id = ""]) => id);
}

/** Where a port is listened on, as /proc has it: four bytes, least significant first. */
async function listeningAddresses(port: number): Promise<string[]> {
  const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8")));
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return tables
    .join("\n")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => local.endsWith(`:${hex}`) && state === "0A")
    .map(([, local = ""]) => local.slice(0, local.indexOf(":")));
}
