import { access } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../bench/servers/free-port.ts";
import { type ServerPlace, type ServerRecipe, startServer } from "../../../bench/servers/server-process.ts";
import { checkReachable } from "../../../bench/servers/system-user.ts";
import { isListening, isRunning } from "../processes.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A server of one line, run by node itself. */
function recipe(changes: Partial<ServerRecipe> = {}, script = listen): ServerRecipe {
  return {
    name: "sample",
    user: null,
    endSignal: "SIGKILL",
    command: ({ port }) => ({ file: process.execPath, args: ["-e", script, String(port)] }),
    async ask({ port }) {
      if (!(await isListening(port))) throw new Error("it does not listen");
      return "Sample 1.0";
    },
    connection: ({ port }) => `sample://127.0.0.1:${port}`,
    ...changes,
  };
}
const listen = "require('node:net').createServer().listen({ port: process.argv[1], host: '127.0.0.1' })";

describe("a server of our own", () => {
  test("answers, dies, comes back on its port as another process, and goes with its folder", async () => {
    let folder = "";
    const keep = (place: ServerPlace) => {
      folder = place.folder;
    };
    const server = await startServer(recipe({ prepare: async (place) => keep(place) }));
    const first = server.pid();
    expect(server).toMatchObject({ engine: "Sample 1.0", connection: `sample://127.0.0.1:${server.port}` });
    await server.kill();
    expect(isRunning(first)).toBe(false);
    await access(path.join(folder, "server.log"));
    await server.restart();
    expect(server.pid()).not.toBe(first);
    expect(await isListening(server.port)).toBe(true);
    const second = server.pid();
    await server.stop();
    expect(isRunning(second)).toBe(false);
    await expect(access(folder)).rejects.toThrow();
  });

  test("that ends while starting fails with the end of its log, and leaves nothing", async () => {
    let folder = "";
    const keep = (place: ServerPlace) => {
      folder = place.folder;
    };
    const failing = recipe(
      { prepare: async (place) => keep(place) },
      "console.error('no such option: --frob'); process.exit(3)",
    );
    await expect(startServer(failing)).rejects.toThrow(/sample ended while starting:\s+no such option: --frob/);
    await expect(access(folder)).rejects.toThrow();
  });

  test("whose port somebody took in the meantime gets another", async () => {
    const ports: number[] = [];
    const unlucky = recipe({
      command: ({ port }) => {
        ports.push(port);
        const failing = "console.error('listen: Address already in use'); process.exit(1)";
        return { file: process.execPath, args: ["-e", ports.length === 1 ? failing : listen, String(port)] };
      },
    });
    const server = await startServer(unlucky);
    expect(server.port).toBe(ports[1]);
    await server.stop();
  });

  test("whose program is not there fails at once", async () => {
    const nowhere = recipe({ command: () => ({ file: "/nowhere/server", args: [] }) });
    await expect(startServer(nowhere)).rejects.toThrow("ENOENT");
  });
});

test("a free port is below those that systems give to clients", async () => {
  for (let n = 0; n < 20; n++) {
    const port = await freePort();
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  }
});

test("a folder that other users may not enter is named, with a way out", async () => {
  const closed = await temporaryFolder();
  await expect(checkReachable(closed, { name: "nobody", uid: 65_534, gid: 65_534 }, "set TMPDIR")).rejects.toThrow(
    `${closed} is 700; expected a folder that every user may enter; set TMPDIR`,
  );
});
