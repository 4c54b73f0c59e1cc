// The application pool that a plan counts on: how many worker processes it has and when they are replaced. IIS by itself replaces a
// worker every 29 hours and ends an idle one after 20 minutes; what the plan does not reckon with is switched off.
// Source: IIS documentation, system.applicationHost/applicationPools, processModel and recycling/periodicRestart.

import { batchLine, quoteArgument } from "../../config/read/batch-line.ts";
import type { Site } from "../../config/scenario.ts";
import { clockText } from "../../config/setting-values.ts";

export const POOL = "DefaultAppPool";
const MINUTE_MS = 60_000;
const MINUTE_SECONDS = 60;
const KIB = 1024;
const NEVER = "00:00:00";

interface PoolSetting {
  /** Below the element of the pool: "recycling.periodicRestart". */
  readonly element: string;
  readonly attribute: string;
  readonly value: string;
}

function poolSettings(site: Site): readonly PoolSetting[] {
  const restart = "recycling.periodicRestart";
  return [
    { element: "processModel", attribute: "maxProcesses", value: String(processesPerPool(site)) },
    { element: "processModel", attribute: "idleTimeout", value: NEVER },
    { element: restart, attribute: "time", value: restartTime(site.recycleEveryMs) },
    { element: restart, attribute: "requests", value: String(site.recycleAfterRequests ?? 0) },
    { element: restart, attribute: "privateMemory", value: String(privateMemory(site.recycleAtMemoryBytes)) },
  ];
}

/** IIS keeps nobody at one process of a web garden: sessions in process that must be found again need a pool each. */
export function processesPerPool({ mode, affinity, workersPerServer }: Site): number {
  return mode === "InProc" && affinity ? 1 : workersPerServer;
}

/** The schema takes whole minutes; 0 is never. */
function restartTime(everyMs: number | null): string {
  return everyMs === null ? NEVER : clockText(Math.max(1, Math.round(everyMs / MINUTE_MS)) * MINUTE_SECONDS);
}

/** In KiB, as the schema has it; 0 is no limit. */
function privateMemory(bytes: number | undefined): number {
  return bytes === undefined ? 0 : Math.max(1, Math.round(bytes / KIB));
}

/** One line a setting, each ending in a newline. */
export function poolAppcmd(site: Site): string {
  return poolSettings(site)
    .map(({ element, attribute, value }) => {
      const option = quoteArgument(`/${element}.${attribute}:`, value);
      return `${batchLine(["appcmd.exe", "set", "apppool", quoteArgument("", POOL), option])}\n`;
    })
    .join("");
}

/** The same in the words of ApplicationHost.config. */
export function poolXml(site: Site): string {
  const settings = poolSettings(site);
  const attributes = (element: string) =>
    settings.flatMap((one) => (one.element === element ? [` ${one.attribute}="${one.value}"`] : [])).join("");
  return `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <system.applicationHost>
    <applicationPools>
      <add name="${POOL}">
        <processModel${attributes("processModel")} />
        <recycling>
          <periodicRestart${attributes("recycling.periodicRestart")} />
        </recycling>
      </add>
    </applicationPools>
  </system.applicationHost>
</configuration>
`;
}
