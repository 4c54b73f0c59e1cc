// A choice as files that an administrator can apply: session settings and application pool, as configuration and as AppCmd lines, and
// a list of what no setting can say.

import type { Scenario } from "../../config/scenario.ts";
import { writeSettings } from "../../config/write/write-settings.ts";
import type { Choice, Plan } from "../../metrics/plan/plan.ts";
import { poolAppcmd, poolXml } from "./application-pool.ts";
import { beyondSettings, storeCommands } from "./beyond-settings.ts";
import { partitionResolver } from "./partition-resolver.ts";
import { partitionsOf } from "./partitions-of.ts";
import { connectionStrings, sessionSettingsOf } from "./session-settings-of.ts";

/** As a fresh IIS calls its own. */
export const SITE = "Default Web Site";

/**
 * @param chosen the scenario with the choice in it, as the file read with these changes gives it.
 * @param choice what was chosen; keys that no setting stands for are named in the last text.
 * @returns texts that end in a newline, in the order in which they are applied. No secret is in them.
 * @throws InputError for a text that no configuration file can hold.
 */
export function applySettings(chosen: Scenario, choice: Choice): Plan["apply"] {
  const settings = sessionSettingsOf(chosen);
  const classic = chosen.site.technology === "asp";
  // Classic ASP's section is locked in web.config, and belongs to the whole server's file.
  const xml = writeSettings(settings, "xml", { location: classic ? SITE : null, all: false });
  const appcmd = writeSettings(settings, "appcmd", { location: SITE, all: false });
  const commands = storeCommands(chosen);
  const partitioned = partitionsOf(chosen) > 1 && chosen.site.mode !== "Custom";
  return [
    { name: classic ? "ApplicationHost.config: session state" : "web.config: session state", text: xml },
    { name: "ApplicationHost.config: application pool", text: poolXml(chosen.site) },
    { name: "AppCmd: the same on each web server", text: `${appcmd}${poolAppcmd(chosen.site)}` },
    ...(commands === null ? [] : [{ name: "Commands: where the sessions are kept", text: commands }]),
    ...(partitioned
      ? [{ name: "App_Code/PlannedPartitionResolver.cs", text: partitionResolver(connectionStrings(chosen)) }]
      : []),
    {
      name: "Beyond settings",
      text: beyondSettings(chosen, choice, SITE)
        .map((note) => `- ${note}\n`)
        .join(""),
    },
  ];
}
