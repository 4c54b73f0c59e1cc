// Settings as PowerShell over the WebAdministration module. Only written. Microsoft's page of the session element has no PowerShell
// sample; the form is the general one of Set-WebConfigurationProperty.

import type { Provider } from "../session-settings.ts";
import { belongsToHost, type SectionToWrite, spanClock, type WrittenSetting } from "./settings-to-write.ts";
import { powershellText } from "./string-literals.ts";

export function writePowershell(sections: readonly SectionToWrite[], location: string | null): string {
  if (sections.length === 0) return "";
  const lines = ["Import-Module WebAdministration", ...sections.flatMap((section) => sectionLines(section, location))];
  return `${lines.join("\n")}\n`;
}

function sectionLines(section: SectionToWrite, location: string | null): string[] {
  const root = "MACHINE/WEBROOT/APPHOST";
  const atHost = belongsToHost(section.section);
  const path = atHost ? root : location === null ? "MACHINE/WEBROOT" : `${root}/${location}`;
  const place = `-PSPath ${powershellText(path)}${atHost && location !== null ? ` -Location ${powershellText(location)}` : ""}`;
  const lines = section.settings.map((one) => {
    if (section.section === "appSettings") {
      const value = `@{key=${powershellText(one.rule.attribute)};value=${powershellText(one.text)}}`;
      return `Add-WebConfigurationProperty ${place} -Filter 'appSettings' -Name '.' -Value ${value}`;
    }
    const filter = one.rule.element === "" ? section.section : `${section.section}/${one.rule.element}`;
    const name = powershellText(one.rule.attribute);
    return `Set-WebConfigurationProperty ${place} -Filter ${powershellText(filter)} -Name ${name} -Value ${literal(one)}`;
  });
  return [...lines, ...section.providers.map((provider) => addProvider(provider, place))];
}

function addProvider(provider: Provider, place: string): string {
  const pairs = Object.entries({ name: provider.name, type: provider.type, ...provider.attributes });
  const value = pairs.map(([name, text]) => `${powershellText(name)}=${powershellText(text)}`).join(";");
  return `Add-WebConfigurationProperty ${place} -Filter 'system.web/sessionState/providers' -Name '.' -Value @{${value}}`;
}

function literal(setting: WrittenSetting): string {
  const clock = spanClock(setting);
  if (clock !== undefined) return powershellText(clock);
  if (typeof setting.value === "boolean") return setting.value ? "$true" : "$false";
  return typeof setting.value === "number" ? String(setting.value) : powershellText(setting.text);
}
