// Settings as a C# or Visual Basic program over Microsoft.Web.Administration, in the form of the IIS samples. Only written.

import { belongsToHost, type SectionToWrite, spanClock, type WrittenSetting } from "./settings-to-write.ts";
import { basicText, escapedText } from "./string-literals.ts";

/** What differs between the two languages; everything else is one program. */
interface Language {
  readonly text: (value: string) => string;
  readonly declare: (type: string, name: string, value: string) => string;
  readonly assign: (target: string, name: string, value: string) => string;
  readonly call: (text: string) => string;
  readonly bool: (value: boolean) => string;
  readonly unsigned: (value: number) => string;
  readonly frame: (lines: readonly string[], needsSite: boolean) => string;
}

export function writeCsharp(sections: readonly SectionToWrite[], location: string | null): string {
  return program(csharp, sections, location);
}

export function writeVisualBasic(sections: readonly SectionToWrite[], location: string | null): string {
  return program(visualBasic, sections, location);
}

const csharp: Language = {
  text: escapedText,
  declare: (type, name, value) => `${type} ${name} = ${value};`,
  assign: (target, name, value) => `${target}[${escapedText(name)}] = ${value};`,
  call: (text) => `${text};`,
  bool: (value) => String(value),
  unsigned: (value) => (value > 2_147_483_647 ? `${value}U` : String(value)),
  frame: (lines, needsSite) =>
    [
      "using System;",
      "using Microsoft.Web.Administration;",
      "",
      "internal static class ApplySessionSettings",
      "{",
      ...(needsSite ? ["    // The settings name no site: give it as the first argument."] : []),
      "    private static void Main(string[] args)",
      "    {",
      "        using (ServerManager serverManager = new ServerManager())",
      "        {",
      ...lines.map((line) => (line === "" ? "" : `            ${line}`)),
      "        }",
      "    }",
      "}",
      "",
    ].join("\n"),
};

const visualBasic: Language = {
  text: basicText,
  declare: (type, name, value) => `Dim ${name} As ${type} = ${value}`,
  assign: (target, name, value) => `${target}(${basicText(name)}) = ${value}`,
  call: (text) => text,
  bool: (value) => (value ? "True" : "False"),
  unsigned: (value) => (value > 2_147_483_647 ? `${value}UI` : String(value)),
  frame: (lines, needsSite) =>
    [
      "Imports System",
      "Imports Microsoft.VisualBasic",
      "Imports Microsoft.Web.Administration",
      "",
      "Module ApplySessionSettings",
      ...(needsSite ? ["    ' The settings name no site: give it as the first argument."] : []),
      "    Sub Main(args As String())",
      "        Using serverManager As New ServerManager()",
      ...lines.map((line) => (line === "" ? "" : `            ${line}`)),
      "        End Using",
      "    End Sub",
      "End Module",
      "",
    ].join("\n"),
};

function program(language: Language, sections: readonly SectionToWrite[], location: string | null): string {
  const { text, declare, call } = language;
  const needsSite = location === null && sections.some((section) => !belongsToHost(section.section));
  const lines: string[] = [];
  if (sections.some((section) => belongsToHost(section.section))) {
    lines.push(declare("Configuration", "hostConfig", "serverManager.GetApplicationHostConfiguration()"));
  }
  if (sections.some((section) => !belongsToHost(section.section))) {
    const [site, ...folders] = (location ?? "").split("/");
    const path = folders.length === 0 ? "" : `, ${text(`/${folders.join("/")}`)}`;
    const first = language === csharp ? "args[0]" : "args(0)";
    lines.push(
      declare(
        "Configuration",
        "webConfig",
        `serverManager.GetWebConfiguration(${needsSite ? first : text(site!)}${path})`,
      ),
    );
  }
  for (const section of sections) lines.push("", ...sectionLines(language, section, location));
  return language.frame([...lines, "", call("serverManager.CommitChanges()")], needsSite);
}

function sectionLines(language: Language, section: SectionToWrite, location: string | null): string[] {
  const { text, declare, assign, call } = language;
  const base = section.section.split("/").at(-1)!;
  const variable = `${base}Section`;
  const atHost = belongsToHost(section.section);
  const place = atHost && location !== null ? `, ${text(location)}` : "";
  const get = `${atHost ? "hostConfig" : "webConfig"}.GetSection(${text(section.section)}${place})`;
  const lines = [declare("ConfigurationSection", variable, get)];
  if (section.section === "appSettings") {
    lines.push(declare("ConfigurationElementCollection", "appSettings", `${variable}.GetCollection()`));
    for (const [index, one] of section.settings.entries()) {
      const pairs = [
        ["key", one.rule.attribute],
        ["value", one.text],
      ] as const;
      lines.push(...addElement(language, "appSettings", `setting${index}`, pairs));
    }
    return lines;
  }
  for (const element of new Set(section.settings.map((one) => one.rule.element))) {
    const target = element === "" ? variable : `${element}Element`;
    if (element !== "")
      lines.push(declare("ConfigurationElement", target, `${variable}.GetChildElement(${text(element)})`));
    for (const one of section.settings.filter((candidate) => candidate.rule.element === element)) {
      lines.push(assign(target, one.rule.attribute, literal(language, one)));
    }
  }
  if (section.providers.length > 0) {
    lines.push(
      declare("ConfigurationElementCollection", "providers", `${variable}.GetCollection(${text("providers")})`),
    );
    if (section.clearsProviders) lines.push(call("providers.Clear()"));
  }
  for (const [index, provider] of section.providers.entries()) {
    const pairs = [["name", provider.name], ["type", provider.type], ...Object.entries(provider.attributes)] as const;
    lines.push(
      ...addElement(language, "providers", `provider${index}`, pairs as readonly (readonly [string, string])[]),
    );
  }
  return lines;
}

function addElement(
  language: Language,
  collection: string,
  variable: string,
  pairs: readonly (readonly [string, string])[],
): string[] {
  const { text, declare, assign, call } = language;
  return [
    declare("ConfigurationElement", variable, `${collection}.CreateElement(${text("add")})`),
    ...pairs.map(([name, value]) => assign(variable, name, text(value))),
    call(`${collection}.Add(${variable})`),
  ];
}

function literal(language: Language, setting: WrittenSetting): string {
  const clock = spanClock(setting);
  if (clock !== undefined && clock !== "Infinite") return `TimeSpan.Parse(${language.text(clock)})`;
  if (typeof setting.value === "boolean") return language.bool(setting.value);
  if (typeof setting.value === "number") return language.unsigned(setting.value);
  return language.text(setting.text);
}
