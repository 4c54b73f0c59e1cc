// What a choice needs that no setting says: machines, services, a load balancer that keeps visitors where they are; and where a
// setting of the plan exists in no configuration file.
// Source: .NET reference source (SessionStateModule.cs, SessionStateSection.cs); IIS documentation; KB325056.

import { maskSecrets } from "../../config/connection-strings.ts";
import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { Choice } from "../../metrics/plan/plan.ts";
import { POOL } from "./application-pool.ts";
import { partitionsOf } from "./partitions-of.ts";
import { PLACEHOLDER, RESOLVER_CLASS } from "./session-settings-of.ts";

/** One sentence or two each. @param chosen the scenario with the choice in it. */
export function beyondSettings(chosen: Scenario, choice: Choice, siteName: string): readonly string[] {
  return [
    machines(chosen),
    `The files name the site "${siteName}" and the application pool "${POOL}": put yours in their place${placeholders(chosen)}.`,
    ...cap(chosen),
    ...processes(chosen),
    ...stores(chosen),
    ...partitions(chosen),
    ...farm(chosen),
    ...rounded(chosen),
    ...unwritten(choice),
  ];
}

function machines({ site }: Scenario): string {
  const { servers, workersPerServer, coresPerWorker } = site;
  const cores = workersPerServer * coresPerWorker;
  return (
    `${counted(servers, "web server")} with ${counted(cores, "core")} for the site${servers === 1 ? "" : " each"}: ` +
    `${counted(workersPerServer, "worker process", "worker processes")} of ${counted(coresPerWorker, "core")}${servers === 1 ? "" : " on each server"}.`
  );
}

function placeholders({ site }: Scenario): string {
  const asks = site.mode !== "InProc" && site.mode !== "Off";
  return asks ? `, and your own names wherever ${PLACEHOLDER}… stands` : "";
}

function cap({ site }: Scenario): readonly string[] {
  if (site.sessionsMax >= UNLIMITED_SESSIONS) return [];
  const limit = grouped(site.sessionsMax);
  if (site.technology === "asp") return [`The cap of ${limit} sessions holds for each worker process.`];
  const where = site.mode === "InProc" ? "worker process" : "store";
  return [
    `The cap of ${limit} sessions a ${where} is no setting of ASP.NET: <session max> exists in classic ASP only. Enforce it elsewhere: count in Session_Start and answer 503 above it, or limit new visitors at the load balancer. Without it the plan does not hold.`,
  ];
}

function processes({ site }: Scenario): readonly string[] {
  if (site.mode !== "InProc") return [];
  const notes = [
    `Sessions live in the worker process: a recycle, a deployment or a change of ${site.technology === "asp" ? "global.asa" : "web.config"} loses those that are stored, and so does applying this.`,
  ];
  const several = site.servers * site.workersPerServer > 1;
  if (several && site.affinity && site.servers > 1)
    notes.push("The plan needs affinity: the load balancer must send every request of a visitor to the same server.");
  if (several && site.affinity && site.workersPerServer > 1)
    notes.push(
      `Inside a web garden IIS keeps nobody at one worker process, so maxProcesses is 1 here: make ${site.workersPerServer} such sites and pools on each server, on ports of their own, and let the load balancer choose among them.`,
    );
  if (several && !site.affinity)
    notes.push(
      "Without affinity each process has sessions of its own, and a visitor meets another one at every turn: no site that needs its sessions can run so.",
    );
  return notes;
}

function stores({ site, store }: Scenario): readonly string[] {
  switch (site.mode) {
    case "StateServer":
      return ["Everything kept in a session must be serialisable, and Session_End never runs."];
    case "SQLServer":
      return [
        "SQL Server Agent has to run: its job of every minute deletes what has expired.",
        "Everything kept in a session must be serialisable, and Session_End never runs.",
        ...(store.provider === "sqlserver"
          ? []
          : [`The plan was reckoned with ${store.provider} in the place of SQL Server: calibrate with yours.`]),
      ];
    case "Custom":
      return [customStore(store.provider)];
    default:
      return [];
  }
}

function customStore(provider: Scenario["store"]["provider"]): string {
  if (provider === "redis")
    return "The package Microsoft.Web.RedisSessionStateProvider, and its access key in an attribute of the provider or, better, in appSettings outside the file.";
  return `The plan was reckoned with the store "${provider}", of which ASP.NET has no provider: write its type where ${PLACEHOLDER}PROVIDER-TYPE stands.`;
}

function partitions(chosen: Scenario): readonly string[] {
  const count = partitionsOf(chosen);
  if (count === 1) return [];
  if (chosen.site.mode === "Custom")
    return [
      `${count} stores: a partition resolver serves StateServer and SQLServer only; a cluster or the provider has to spread the sessions.`,
    ];
  return [
    `${count} stores: ${RESOLVER_CLASS} has to be compiled into the site. Once sessions exist, adding or removing a store sends most of them where they are not found.`,
  ];
}

function farm({ site }: Scenario): readonly string[] {
  if (site.servers === 1 || site.mode === "Off" || site.mode === "InProc") return [];
  return [
    "Sessions are found by site id and application path, upper and lower case included: both must be the same on every server, and so should <machineKey>.",
  ];
}

function rounded({ site }: Scenario): readonly string[] {
  const spans = [
    ["timeout", site.timeoutMs, 60_000],
    ["recycling", site.recycleEveryMs, 60_000],
  ] as const;
  const odd = spans.filter(([, ms, unit]) => ms !== null && ms % unit !== 0).map(([name]) => name);
  return odd.length === 0 ? [] : [`Settings hold whole minutes: ${odd.join(" and ")} was rounded.`];
}

/** Keys whose values stand in one of the files, or in the notes above. */
const applied = new Set(
  [
    ..."mode timeoutMinutes sessionsMax servers workersPerServer coresPerWorker affinity technology".split(" "),
    ..."cookieless regenerateExpiredSessionId cookieSameSite keepSessionIdSecure executionTimeoutSeconds".split(" "),
    ..."requestQueueLimitPerSession recycleEveryMinutes recycleAfterRequests recycleAtMemoryMB".split(" "),
  ]
    .map((name) => `site.${name}`)
    .concat(
      ..."provider connection partitions calibration compression networkTimeoutSeconds commandTimeoutSeconds"
        .split(" ")
        .map((name) => `store.${name}`),
    ),
);

function unwritten(choice: Choice): readonly string[] {
  return Object.entries(choice)
    .filter(([key]) => !applied.has(key))
    .map(([key, value]) => `No setting of IIS or ASP.NET: ${key} ${maskSecrets(String(value))}, which the plan chose.`);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Commands for the machine that keeps the sessions; null where no command prepares it. */
export function storeCommands({ site }: Scenario): string | null {
  switch (site.mode) {
    case "StateServer":
      return [
        "sc config aspnet_state start= auto",
        "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\aspnet_state\\Parameters /v AllowRemoteConnection /t REG_DWORD /d 1 /f",
        "net start aspnet_state\n",
      ].join("\n");
    case "SQLServer":
      return `aspnet_regsql.exe -S ${PLACEHOLDER}SQL-SERVER -E -ssadd -sstype p\n`;
    default:
      return null;
  }
}
