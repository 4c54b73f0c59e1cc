// Settings as a VBScript over the IIS WMI provider (root\WebAdministration). Only written. Its classes are older than some settings:
// what they lack is refused, not dropped. Source: IIS WMI provider reference, AspSection, AspSession, AspLimits, SessionStateSection.

import { clockSeconds } from "../setting-values.ts";
import { ASP, SESSION_STATE } from "../settings-schema.ts";
import { cannotWrite, type SectionToWrite, spanClock, type WrittenSetting } from "./settings-to-write.ts";
import { basicText } from "./string-literals.ts";

const classes: Readonly<Record<string, string>> = {
  [SESSION_STATE]: "SessionStateSection",
  "system.web/pages": "PagesSection",
  "system.web/httpRuntime": "HttpRuntimeSection",
  "system.web/sessionPageState": "SessionPageStateSection",
  "system.webServer/modules": "ModulesSection",
  [ASP]: "AspSection",
};

const absent = ["sqlConnectionRetryInterval", "compressionEnabled", "cookieSameSite"];

/** WMI has numbers for enumeration values; they are those of ASPNET_schema.xml. */
const numbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  mode: { Off: 0, InProc: 1, StateServer: 2, SQLServer: 3, Custom: 4 },
  cookieless: { UseUri: 0, UseCookies: 1, AutoDetect: 2, UseDeviceProfile: 3 },
  enableSessionState: { false: 0, ReadOnly: 1, true: 2 },
};

export function writeWmi(sections: readonly SectionToWrite[], location: string | null): string {
  if (sections.length === 0) return "";
  const lines = ['Set webAdmin = GetObject("winmgmts:root\\WebAdministration")'];
  for (const section of sections) {
    const name = Object.hasOwn(classes, section.section) ? classes[section.section] : undefined;
    const nobodyWrote = section.settings.every((one) => one.derived || one.value === one.rule.fallback);
    if (section.section === "appSettings" && nobodyWrote) continue;
    if (name === undefined)
      throw cannotWrite("WMI", section.section, "a section of general entries", "write XML or AppCmd instead");
    if (section.providers.length > 0) {
      throw cannotWrite("WMI", "<providers>", "a list of providers with attributes", "write XML or AppCmd instead");
    }
    const root = "MACHINE/WEBROOT/APPHOST";
    const atHost = section.section.startsWith("system.webServer/");
    const path = atHost ? root : location === null ? "MACHINE/WEBROOT" : `${root}/${location}`;
    const selector = `${name}.Path='${quoteKey(path)}',Location='${atHost && location !== null ? quoteKey(location) : ""}'`;
    lines.push("", `Set section = webAdmin.Get(${basicText(selector)})`);
    for (const one of section.settings) {
      if (absent.includes(one.rule.name) && one.value === one.rule.fallback) {
        lines.push(`' ${one.rule.attribute} keeps its default: the class has no such property.`);
        continue;
      }
      const owner = one.rule.element === "" ? "section" : `section.${pascal(one.rule.element)}`;
      lines.push(`${owner}.${pascal(one.rule.attribute)} = ${literal(one)}`);
    }
    lines.push("section.Put_");
  }
  return `${lines.join("\n")}\n`;
}

function literal(setting: WrittenSetting): string {
  const { rule, value } = setting;
  if (absent.includes(rule.name)) {
    throw cannotWrite(
      "WMI",
      rule.attribute,
      `"${setting.text}"`,
      "its class has no such property; write XML or AppCmd instead",
    );
  }
  if (rule.type.kind === "enum") return String(numbers[rule.name]![String(value)]);
  const clock = spanClock(setting);
  if (clock === "Infinite") throw cannotWrite("WMI", rule.attribute, "Infinite", "write XML or AppCmd instead");
  if (clock !== undefined) return basicText(interval(clockSeconds(clock)));
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : basicText(value);
}

/** A CIM interval: days, hours, minutes, seconds, microseconds, and :000 for "no time zone". */
function interval(seconds: number): string {
  const pad = (value: number, width: number) => String(Math.floor(value)).padStart(width, "0");
  const days = pad(seconds / 86_400, 8);
  return `${days}${pad((seconds % 86_400) / 3600, 2)}${pad((seconds % 3600) / 60, 2)}${pad(seconds % 60, 2)}.000000:000`;
}

/** WMI object paths escape apostrophes and backslashes with a backslash. */
function quoteKey(value: string): string {
  return value.replace(/[\\']/g, "\\$&");
}

function pascal(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
