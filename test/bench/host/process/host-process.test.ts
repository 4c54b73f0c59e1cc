import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { machineClock } from "../../../../bench/clock.ts";
import { hostSettings } from "../../../../bench/host/host-settings.ts";
import { startHost } from "../../../../bench/host/process/start-host.ts";
import { isListening, isRunning, until } from "../../processes.ts";
import { smallScenario } from "../../small-scenario.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const settings = hostSettings(smallScenario({ run: { timeScale: 1 } }), [], null);

describe("a host process", () => {
  test("memory grows by what sessions hold, and is given back when they expire", async () => {
    const quick = hostSettings(
      smallScenario({ site: { timeoutMs: 400, expirySweepMs: 50 }, run: { timeScale: 1 } }),
      [],
      null,
    );
    const host = await startHost(quick);
    try {
      host.begin(machineClock());
      const before = await host.sample(true);
      const page = `http://127.0.0.1:${host.port}/p.aspx?session=read-write&changes=1&bytes=100000`;
      for (let n = 0; n < 100; n++) await (await fetch(page)).text();
      const filled = await host.sample(true);
      const grown = (filled?.heapUsedBytes ?? 0) - (before?.heapUsedBytes ?? 0);
      const held = (filled?.stored ?? 0) * 100_000;
      expect(held).toBeGreaterThan(0);
      expect(grown).toBeGreaterThan(held * 0.9);
      await until("all sessions have expired", async () => (await host.sample(false))?.stored === 0);
      const emptied = await host.sample(true);
      expect((filled?.heapUsedBytes ?? 0) - (emptied?.heapUsedBytes ?? 0)).toBeGreaterThan(held * 0.9);
      expect(emptied?.counts).toMatchObject({ started: 100, expired: 100 });
    } finally {
      await host.stop(1_000);
    }
  });

  test("is gone, with its port, once stopped, and its last state is told", async () => {
    const host = await startHost(settings);
    await (await fetch(`http://127.0.0.1:${host.port}/p.aspx?session=read-write&changes=1`)).text();
    const last = await host.stop(1_000);
    expect(last).toMatchObject({ stored: 1, counts: { arrivals: 1, started: 1 } });
    expect(isRunning(host.pid)).toBe(false);
    expect(await isListening(host.port)).toBe(false);
    expect(await host.sample(false)).toBeNull();
  });

  test("that is killed by somebody else is noticed, and asking it answers null instead of hanging", async () => {
    const host = await startHost(settings);
    const asked = host.sample(false);
    process.kill(host.pid, "SIGKILL");
    expect(await host.died).toContain("SIGKILL");
    await asked;
    expect(await host.sample(false)).toBeNull();
    expect(await host.stop(100)).toBeNull();
  });

  test("opens the store that its settings name, and a session outlives the worker that stored it", async () => {
    const connections = [path.join(await temporaryFolder(), "sessions.db")];
    const outside = hostSettings(
      smallScenario({
        site: { mode: "Custom", timeoutMs: 1_200_000 },
        store: { provider: "sqlite" },
        run: { timeScale: 1 },
      }),
      connections,
      null,
    );
    const page = (port: number) => `http://127.0.0.1:${port}/p.aspx?session=read-write&changes=1`;
    const first = await startHost(outside);
    const given = await fetch(page(first.port));
    const cookie = given.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(await first.stop(1_000)).toMatchObject({ counts: { arrivals: 1, started: 1 } });
    const second = await startHost(outside);
    expect((await fetch(page(second.port), { headers: { cookie } })).status).toBe(200);
    expect(await second.stop(1_000)).toMatchObject({ counts: { arrivals: 0, started: 0 } });
  });

  test("whose store can never be opened does not come up, and says why", async () => {
    const hopeless = smallScenario({
      site: { mode: "Custom" },
      store: { provider: "module", module: "/no/such/file.mjs" },
    });
    await expect(startHost(hostSettings(hopeless, [], null))).rejects.toThrow(/no\/such\/file\.mjs/);
  });

  test("whose store does not answer comes up all the same, and tells its visitors", async () => {
    const deserted = smallScenario({ site: { mode: "StateServer" }, store: { provider: "state-server" } });
    const host = await startHost(hostSettings(deserted, ["tcpip=127.0.0.1:1"], null));
    const reply = await fetch(`http://127.0.0.1:${host.port}/p.aspx?session=read-write`);
    expect([reply.status, reply.statusText]).toEqual([500, "session store unreachable"]);
    await host.stop(1_000);
  });

  test("does not outlive a parent that is killed, and leaves no half-written log", async () => {
    const folder = await temporaryFolder();
    const startHostPath = fileURLToPath(new URL("../../../../bench/host/process/start-host.ts", import.meta.url));
    const script = `
      const { startHost } = await import(${JSON.stringify(startHostPath)});
      const host = await startHost(${JSON.stringify({ ...settings, logPath: path.join(folder, "u_ex.log") })});
      console.log(JSON.stringify({ pid: host.pid, port: host.port }));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) => parent.stdout.once("data", (data) => resolve(String(data))));
    const { pid, port } = JSON.parse(line);
    expect(await isListening(port)).toBe(true);
    parent.kill("SIGKILL");
    await until("the host has noticed", () => !isRunning(pid));
    expect(await isListening(port)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });
});
