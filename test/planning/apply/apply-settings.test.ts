import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStateConnectionString } from "../../../config/connection-strings.ts";
import { resolveChain } from "../../../config/read/config-chain.ts";
import { readAppcmd } from "../../../config/read/read-appcmd.ts";
import { readXmlConfig } from "../../../config/read/read-xml-config.ts";
import { plainValues } from "../../../config/session-settings.ts";
import type { Choice } from "../../../metrics/plan/plan.ts";
import { applySettings, SITE } from "../../../planning/apply/apply-settings.ts";
import { scenarioOf } from "../../scenario-of.ts";

const workload = "workload: { arrivals: { kind: poisson, perSecond: 1 } }";

function applied(site: string, { store = "", choice = {} }: { store?: string; choice?: Choice } = {}) {
  const scenario = scenarioOf(`site: { ${site} }\n${store === "" ? "" : `store: { ${store} }\n`}${workload}`);
  const texts = applySettings(scenario, choice);
  const named = (start: string) => texts.find(({ name }) => name.startsWith(start))?.text;
  const file = named("web.config") ?? named("ApplicationHost.config: session")!;
  return {
    scenario,
    texts,
    file,
    appcmd: named("AppCmd")!,
    pool: named("ApplicationHost.config: application pool")!,
    commands: named("Commands"),
    resolver: named("App_Code"),
    notes: named("Beyond settings")!,
  };
}

const noSource = () => ({ reason: "is not there" });

/** What a reader makes of the file and of the lines. */
function readBack({ file, appcmd }: Pick<ReturnType<typeof applied>, "file" | "appcmd">) {
  const classic = file.includes("<location");
  const xml = readXmlConfig(file, classic ? "ApplicationHost.config" : "web.config", noSource);
  const lines = readAppcmd(appcmd, "apply.cmd");
  return [
    plainValues(resolveChain([xml], classic ? SITE : undefined).settings),
    plainValues(resolveChain([lines], SITE).settings),
  ];
}

describe("written settings, read back by the readers of settings", () => {
  test("are those of the scenario in every mode, as a file and as AppCmd lines", () => {
    fc.assert(
      fc.property(
        fc.record({
          mode: fc.constantFrom("Off", "InProc", "StateServer", "SQLServer"),
          timeoutMinutes: fc.integer({ min: 1, max: 525_600 }),
          cookieless: fc.constantFrom("UseCookies", "UseUri", "AutoDetect"),
          executionTimeoutSeconds: fc.integer({ min: 1, max: 600 }),
          requestQueueLimitPerSession: fc.integer({ min: 1, max: 1000 }),
        }),
        fc.boolean(),
        fc.integer({ min: 1, max: 300 }),
        (site, compression, seconds) => {
          const text = Object.entries(site).map(([key, value]) => `${key}: ${value}`);
          const made = applied(text.join(", "), {
            store: `compression: ${compression}, networkTimeoutSeconds: ${seconds}, commandTimeoutSeconds: ${seconds}`,
          });
          for (const { sessionState, load } of readBack(made)) {
            expect(sessionState.mode).toBe(site.mode);
            expect(load.executionTimeout).toBe(site.executionTimeoutSeconds);
            expect(load.requestQueueLimitPerSession).toBe(site.requestQueueLimitPerSession);
            if (site.mode === "Off") continue;
            expect(sessionState.timeout).toBe(site.timeoutMinutes);
            expect(sessionState.cookieless).toBe(site.cookieless);
            if (site.mode === "StateServer") expect(sessionState.stateNetworkTimeout).toBe(seconds);
            if (site.mode === "SQLServer") expect(sessionState.sqlCommandTimeout).toBe(seconds);
            if (site.mode !== "InProc") expect(sessionState.compressionEnabled).toBe(compression);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("of classic ASP have the cap, and stand in the file of the server, where the section is not locked", () => {
    const made = applied("technology: asp, sessionsMax: 1500, timeoutMinutes: 90");
    expect(made.file).toContain(`<location path="${SITE}">`);
    for (const { aspSession } of readBack(made)) {
      expect(aspSession).toMatchObject({ allowSessionState: true, max: 1500, timeout: "01:30:00" });
    }
    expect(made.appcmd).toContain('/session.max:"1500" /commit:apphost');
  });

  test("of Redis name its provider, and a place for its host", () => {
    for (const { sessionState } of readBack(applied("mode: Custom", { store: "provider: redis" }))) {
      expect(sessionState.mode).toBe("Custom");
      expect(sessionState.providers).toHaveLength(1);
      expect(sessionState.providers[0]).toMatchObject({
        name: sessionState.customProvider,
        type: "Microsoft.Web.Redis.RedisSessionStateProvider",
        attributes: { host: "REPLACE-WITH-REDIS-SERVER" },
      });
    }
  });
});

describe("the application pool", () => {
  test("has as many processes as the plan has workers, and is replaced when the plan says", () => {
    const { pool, appcmd } = applied("mode: StateServer, workersPerServer: 4, recycleEveryMinutes: 90");
    const { server, problems } = readXmlConfig(pool, "ApplicationHost.config", noSource);
    expect(problems).toEqual([]);
    expect(server.pools).toMatchObject([{ name: "DefaultAppPool", processesMax: 4 }]);
    expect(pool).toContain('time="01:30:00"');
    expect(appcmd).toContain('set apppool "DefaultAppPool" /processModel.maxProcesses:"4"');
    expect(appcmd).toContain('/recycling.periodicRestart.time:"01:30:00"');
  });

  test("is replaced after so many requests and at so much memory, which IIS counts in KiB", () => {
    const { pool, notes } = applied("mode: StateServer, recycleAfterRequests: 50000, recycleAtMemoryMB: 800", {
      choice: { "site.recycleAtMemoryMB": 800 },
    });
    expect(pool).toContain('requests="50000"');
    expect(pool).toContain('privateMemory="819200"');
    expect(notes).not.toContain("recycleAtMemoryMB");
  });

  test("is never replaced nor ended for idleness where the plan reckons with neither", () => {
    const { pool } = applied("mode: InProc");
    expect(pool).toContain('idleTimeout="00:00:00"');
    expect(pool).toContain('<periodicRestart time="00:00:00" requests="0" privateMemory="0"');
  });

  test("has one process where sessions in process must be found again, as a web garden keeps nobody at one", () => {
    const { pool, notes } = applied("mode: InProc, workersPerServer: 3, servers: 2");
    expect(pool).toContain('maxProcesses="1"');
    expect(notes).toContain("make 3 such sites and pools on each server");
    expect(notes).toContain("the load balancer must send every request of a visitor to the same server");
  });
});

describe("what no setting says", () => {
  test("a cap of ASP.NET has to be enforced elsewhere, that of classic ASP has not", () => {
    expect(applied("mode: InProc, sessionsMax: 5000").notes).toContain(
      "cap of 5,000 sessions a worker process is no setting of ASP.NET",
    );
    expect(applied("mode: StateServer, sessionsMax: 5000").notes).toContain("5,000 sessions a store");
    expect(applied("technology: asp, sessionsMax: 5000").notes).not.toContain("no setting");
    expect(applied("mode: InProc").notes).not.toContain("cap");
  });

  test("how many machines, and what prepares the one with the sessions", () => {
    const { notes, commands } = applied("mode: StateServer, servers: 3, workersPerServer: 2, coresPerWorker: 2");
    expect(notes).toContain("3 web servers with 4 cores for the site each");
    expect(commands).toContain("AllowRemoteConnection /t REG_DWORD /d 1");
    expect(applied("mode: SQLServer").commands).toContain("-ssadd -sstype p");
    expect(applied("mode: InProc").commands).toBeUndefined();
  });

  test("SQL Server is told apart from what stood in for it", () => {
    expect(applied("mode: SQLServer").notes).toContain("postgresql in the place of SQL Server");
    expect(applied("mode: SQLServer", { store: "provider: sqlserver" }).notes).not.toContain("in the place of");
  });

  test("a chosen key that stands in no file is named, one that does is not", () => {
    const { notes } = applied("mode: InProc", {
      choice: { "site.mode": "InProc", "store.partitions": 1, "workload.thinkSeconds.mean": 12 },
    });
    expect(notes).toContain("No setting of IIS or ASP.NET: workload.thinkSeconds.mean 12");
    expect(notes.match(/No setting of IIS or ASP\.NET/g)).toHaveLength(1);
  });
});

describe("connection strings", () => {
  test("of partitions go into a resolver that has to be compiled, one string each", () => {
    const { resolver, file, notes } = applied("mode: StateServer", { store: "partitions: 3" });
    expect(resolver!.match(/@"tcpip=REPLACE-WITH-STATE-SERVER-\d:42424"/g)).toHaveLength(3);
    expect(file).toContain('partitionResolverType="PlannedPartitionResolver"');
    expect(file).not.toContain("stateConnectionString");
    expect(notes).toContain("has to be compiled into the site");
  });

  test("are the scenario's own where every server can reach them, and placeholders that ASP.NET can read where not", () => {
    const store = (host: string) => ({ store: `provider: state-server, connection: "tcpip=${host}:42424"` });
    const reach = applied("mode: StateServer, servers: 2", store("state.example"));
    expect(reach.file).toContain("tcpip=state.example:42424");
    const loopback = applied("mode: StateServer, servers: 2", store("127.0.0.1"));
    expect(loopback.file).toContain("tcpip=REPLACE-WITH-STATE-SERVER:42424");
    expect(parseStateConnectionString("tcpip=REPLACE-WITH-STATE-SERVER:42424")?.port).toBe(42_424);
  });

  test("with a password in them are never repeated", () => {
    const secret = "hunter2-of-the-shop";
    const { texts } = applied("mode: SQLServer", {
      store: `provider: sqlserver, connection: "data source=db;user id=shop;password=${secret}"`,
      choice: { "store.connection": `data source=db;password=${secret}` },
    });
    expect(JSON.stringify(texts)).not.toContain(secret);
    expect(texts[0]!.text).toContain("REPLACE-WITH-SQL-SERVER");
  });
});
