// Settings as a configuration file. Read back, it gives the same settings.

import type { Provider } from "../session-settings.ts";
import type { SectionToWrite, WrittenSetting } from "./settings-to-write.ts";

export function writeXml(sections: readonly SectionToWrite[], location: string | null): string {
  const groups = new Map<string, string[]>();
  for (const section of sections) {
    const [group, name] = section.section.includes("/") ? section.section.split("/") : ["", section.section];
    groups.set(group!, [...(groups.get(group!) ?? []), ...writeSection(name!, section)]);
  }
  const body = [...groups].flatMap(([group, lines]) =>
    group === "" ? lines : wrap(`<${group}>`, lines, `</${group}>`),
  );
  const placed =
    location === null || body.length === 0 ? body : wrap(`<location path="${quoted(location)}">`, body, "</location>");
  return `${['<?xml version="1.0" encoding="utf-8"?>', ...wrap("<configuration>", placed, "</configuration>")].join("\n")}\n`;
}

function writeSection(name: string, section: SectionToWrite): string[] {
  if (name === "appSettings") {
    const adds = section.settings.map(
      (one) => `<add key="${quoted(one.rule.attribute)}" value="${quoted(one.text)}" />`,
    );
    return wrap("<appSettings>", adds, "</appSettings>");
  }
  const children = [...new Set(section.settings.map((one) => one.rule.element))].filter((element) => element !== "");
  const inner = children.map((child) => `<${child}${attributes(section.settings, child)} />`);
  if (section.providers.length > 0) {
    const clear = section.clearsProviders ? ["<clear />"] : [];
    inner.push(...wrap("<providers>", [...clear, ...section.providers.map(writeProvider)], "</providers>"));
  }
  const start = `<${name}${attributes(section.settings, "")}`;
  return inner.length === 0 ? [`${start} />`] : wrap(`${start}>`, inner, `</${name}>`);
}

function attributes(settings: readonly WrittenSetting[], element: string): string {
  const own = settings.filter((one) => one.rule.element === element);
  return own.map((one) => ` ${one.rule.attribute}="${quoted(one.text)}"`).join("");
}

function writeProvider(provider: Provider): string {
  const pairs = [["name", provider.name], ["type", provider.type], ...Object.entries(provider.attributes)];
  return `<add ${pairs.map(([name, value]) => `${name}="${quoted(value!)}"`).join(" ")} />`;
}

function wrap(start: string, lines: readonly string[], end: string): string[] {
  return [start, ...lines.map((line) => `  ${line}`), end];
}

const references: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Tabs and line breaks would turn into blanks when an attribute is read, so they become references. */
function quoted(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? `&#${character.charCodeAt(0)};`);
}
