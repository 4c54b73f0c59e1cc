// Settings as a VBScript or JavaScript for Windows Script Host over AppHostWritableAdminManager, in the form of the IIS samples.
// Only written. Everything beyond ASCII is put by number, since the script host reads files in the machine's code page.

import { belongsToHost, type SectionToWrite, spanClock, type WrittenSetting } from "./settings-to-write.ts";
import { basicText, escapedText } from "./string-literals.ts";

interface Language {
  readonly text: (value: string) => string;
  readonly set: (name: string, value: string) => string;
  readonly put: (target: string, value: string) => string;
  readonly call: (method: string, argument: string) => string;
  readonly bool: (value: boolean) => string;
}

const vbscript: Language = {
  text: basicText,
  set: (name, value) => `Set ${name} = ${value}`,
  put: (target, value) => `${target} = ${value}`,
  call: (method, argument) => `${method}${argument === "" ? "" : ` ${argument}`}`,
  bool: (value) => (value ? "True" : "False"),
};

const javascript: Language = {
  text: escapedText,
  set: (name, value) => `var ${name} = ${value};`,
  put: (target, value) => `${target} = ${value};`,
  call: (method, argument) => `${method}(${argument});`,
  bool: (value) => String(value),
};

export function writeVbscript(sections: readonly SectionToWrite[], location: string | null): string {
  return script(vbscript, 'CreateObject("Microsoft.ApplicationHost.WritableAdminManager")', sections, location);
}

export function writeJavascript(sections: readonly SectionToWrite[], location: string | null): string {
  return script(javascript, 'new ActiveXObject("Microsoft.ApplicationHost.WritableAdminManager")', sections, location);
}

/** Two managers, because the two kinds of section are committed to two files. */
function script(
  language: Language,
  create: string,
  sections: readonly SectionToWrite[],
  location: string | null,
): string {
  const { text, set, put, call } = language;
  const lines: string[] = [];
  for (const atHost of [true, false]) {
    const own = sections.filter((section) => belongsToHost(section.section) === atHost);
    if (own.length === 0) continue;
    const manager = atHost ? "hostManager" : "webManager";
    const root = "MACHINE/WEBROOT/APPHOST";
    const commitPath = atHost ? root : location === null ? "MACHINE/WEBROOT" : `${root}/${location}`;
    const path = atHost && location !== null ? `${root}/${location}` : commitPath;
    lines.push(set(manager, create), put(`${manager}.CommitPath`, text(commitPath)));
    for (const section of own) lines.push(...sectionLines(language, section, manager, path));
    lines.push(call(`${manager}.CommitChanges`, ""), "");
  }
  return lines.length === 0 ? "" : `${lines.slice(0, -1).join("\n")}\n`;
}

function sectionLines(language: Language, section: SectionToWrite, manager: string, path: string): string[] {
  const { text, set, put } = language;
  const variable = `${section.section.split("/").at(-1)}Section`;
  const lines = [set(variable, `${manager}.GetAdminSection(${text(section.section)}, ${text(path)})`)];
  if (section.section === "appSettings") {
    for (const [index, one] of section.settings.entries()) {
      const pairs = [
        ["key", one.rule.attribute],
        ["value", one.text],
      ] as const;
      lines.push(...addElement(language, `${variable}.Collection`, `setting${index}`, pairs));
    }
    return lines;
  }
  for (const one of section.settings) {
    const { element, attribute } = one.rule;
    const target = element === "" ? variable : `${variable}.ChildElements.Item(${text(element)})`;
    lines.push(put(`${target}.Properties.Item(${text(attribute)}).Value`, literal(language, one)));
  }
  for (const [index, provider] of section.providers.entries()) {
    const pairs = Object.entries({ name: provider.name, type: provider.type, ...provider.attributes });
    lines.push(
      ...addElement(
        language,
        `${variable}.ChildElements.Item(${text("providers")}).Collection`,
        `provider${index}`,
        pairs,
      ),
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
  const { text, set, put, call } = language;
  return [
    set(variable, `${collection}.CreateNewElement(${text("add")})`),
    ...pairs.map(([name, value]) => put(`${variable}.Properties.Item(${text(name)}).Value`, text(value))),
    call(`${collection}.AddElement`, variable),
  ];
}

function literal(language: Language, setting: WrittenSetting): string {
  const clock = spanClock(setting);
  if (clock !== undefined) return language.text(clock);
  if (typeof setting.value === "boolean") return language.bool(setting.value);
  return typeof setting.value === "number" ? String(setting.value) : language.text(setting.text);
}
