// AppCmd command lines to scopes and edits: `appcmd set config "Default Web Site" -section:system.webServer/asp /session.max:"1000"`
// and its relatives. Each site named is a location. Source of the forms: IIS documentation, AppCmd samples of the session element.

import { maskAttribute, maskSecrets } from "../connection-strings.ts";
import { InputError, type Problem } from "../problem.ts";
import { clockSeconds, type ParsedValue, parseValue, suggestion } from "../setting-values.ts";
import { ASP, attributesOf, findRule, SESSION_STATE, type SettingRule } from "../settings-schema.ts";
import { type BatchArgument, type BatchCommand, readBatch } from "./batch-line.ts";
import { type Advice, type ConfigFile, type Edit, originOf, type Scope } from "./config-file.ts";
import { samePath } from "./config-levels.ts";
import { noServer } from "./read-server-facts.ts";
import { sectionNames } from "./read-session-sections.ts";
import type { Place } from "./xml-tree.ts";

/** Commands of batch files that set nothing in IIS and need no remark. */
const ordinaryCommands =
  /^(rem|::.*|:\w.*|@?echo.*|set|setlocal|endlocal|chcp|cd|pushd|popd|if|for|exit|goto|pause|title|iisreset(\.exe)?|\)|\()$/i;

/** Whether a text that is no XML holds AppCmd lines at all. */
export function looksLikeAppcmd(text: string): boolean {
  return /\bappcmd\b/i.test(text);
}

/**
 * @throws InputError when no line calls AppCmd; mistakes in the lines come back in `problems`.
 */
export function readAppcmd(text: string, file: string): ConfigFile {
  const reading: Reading = { file, scopes: [], problems: [], advice: [] };
  let calls = 0;
  for (const command of readBatch(text)) {
    const words = withoutPrefix(command.arguments);
    if (/(^|[\\/])appcmd(\.exe)?$/i.test(words[0]?.text ?? "")) {
      calls++;
      readCall(words.slice(1), command, reading);
    } else if (!ordinaryCommands.test(words[0]?.text ?? "rem")) {
      const message = `Skipped "${words[0]!.text} …": only AppCmd lines are read.`;
      reading.advice.push({ code: "line-skipped", severity: "warning", message, origin: `${file}:${command.line}` });
    }
  }
  if (calls === 0) {
    const problem = {
      at: "the script",
      given: "without an AppCmd line",
      expected: "appcmd set config …",
      mend: "give a script that calls appcmd",
      file,
    };
    throw new InputError(`Cannot read settings from "${file}"`, [problem]);
  }
  const { scopes, problems, advice } = reading;
  return { file, kind: "script", scopes, declarations: [], server: noServer, problems, advice };
}

interface Reading {
  readonly file: string;
  readonly scopes: (Scope & { edits: Edit[]; sections: Map<string, Place> })[];
  readonly problems: Problem[];
  readonly advice: Advice[];
}

/** `@`, `call` and a quoted path may stand in front of the program. */
function withoutPrefix(words: readonly BatchArgument[]): BatchArgument[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (/^@?call$/i.test(first.text)) return rest;
  return [{ ...first, text: first.text.replace(/^@/, "") }, ...rest];
}

function readCall(words: readonly BatchArgument[], command: BatchCommand, reading: Reading): void {
  const [verb, object] = [words[0]?.text.toLowerCase(), words[1]?.text.toLowerCase()];
  const place = { file: reading.file, line: command.line, column: words[0]?.column ?? 1 };
  if (verb !== "set" || object !== "config") {
    const message = `Skipped "appcmd ${verb ?? ""} ${object ?? ""}": only "set config" gives settings.`;
    reading.advice.push({ code: "command-skipped", severity: "info", message, origin: originOf(place) });
    return;
  }
  const rest = joinBlankValues(words.slice(2));
  const options = rest.filter((word) => /^[-/]/.test(word.text));
  const location = rest.find((word) => !/^[-/]/.test(word.text));
  const named = (name: string) =>
    options.find((word) => word.text.toLowerCase().startsWith(`${name}:`, 1))?.text.slice(name.length + 2);
  const section = fullSectionName(named("section") ?? "");
  if (named("section") === undefined) {
    const mend = "add -section:system.webServer/asp or -section:system.web/sessionState";
    reading.problems.push({
      at: "appcmd set config",
      given: "without -section",
      expected: "the section to set",
      mend,
      ...place,
    });
    return;
  }
  if (!sectionNames.includes(section)) return;
  const scope = scopeOf(locationPath(location?.text ?? ""), place, reading);
  scope.sections.set(section, place);
  for (const option of options) {
    const at = { ...place, column: option.column };
    if (/^[-/](section|commit|config|text|xml):/i.test(option.text)) continue;
    if (option.hasVariable) {
      const mend = "write the value itself, and %% for a percent sign";
      reading.problems.push({ at: option.text, given: "a variable of the machine", expected: "a value", mend, ...at });
      continue;
    }
    scope.edits.push(...readOption(section, option.text.slice(1), at, reading));
  }
  if (section === ASP && location !== undefined && named("commit")?.toLowerCase() !== "apphost") {
    const message =
      "Without /commit:apphost AppCmd writes system.webServer/asp into the site's web.config, where the section is locked by default.";
    reading.advice.push({ code: "appcmd-commit", severity: "warning", message, origin: originOf(place) });
  }
}

/** `/allowSessionState: False`, with a blank, as an old page prints it. */
function joinBlankValues(words: readonly BatchArgument[]): BatchArgument[] {
  const joined: BatchArgument[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last !== undefined && /^[-/][\w.]+:$/.test(last.text) && !/^[-/]/.test(word.text)) {
      joined[joined.length - 1] = {
        ...last,
        text: last.text + word.text,
        hasVariable: last.hasVariable || word.hasVariable,
      };
    } else joined.push(word);
  }
  return joined;
}

function fullSectionName(name: string): string {
  return sectionNames.find((section) => section === name || section.endsWith(`/${name}`)) ?? name;
}

function locationPath(text: string): string {
  const path = text.replaceAll("\\", "/").replace(/^MACHINE(\/WEBROOT(\/APPHOST)?)?(\/|$)/i, "");
  return path.replace(/^\/+|\/+$/g, "");
}

function scopeOf(path: string, place: Place, reading: Reading): Reading["scopes"][number] {
  const known = reading.scopes.find((scope) => samePath(scope.path, path));
  if (known !== undefined) return known;
  const scope = { path, place, overrideMode: "Inherit", inheritInChildApplications: true } as const;
  const created = { ...scope, edits: [], sections: new Map<string, Place>() };
  reading.scopes.push(created);
  return created;
}

/** One `/…` option, its sign cut off: `session.max:1000`, `+providers.[…]`, `providers.[…].type:x`. */
function readOption(section: string, option: string, place: Place, reading: Reading): Edit[] {
  const parsed = parseOption(option);
  if (parsed === undefined)
    return refuse(option, "name:value, +collection.[name='x'] or -collection.[name='x']", reading, place);
  const { sign, element, keys, attribute, value } = parsed;
  if (keys === undefined) return readAttribute(section, element, attribute, value, place, reading);
  if (section === SESSION_STATE && (element === "providers" || element === "")) {
    const name = keys.get("name") ?? "";
    if (name === "") return refuse(option, "[name='…'] to tell which provider", reading, place);
    if (sign === "-") return [{ kind: "remove-provider", name, place }];
    if (sign === "") return [{ kind: "set-provider", name, attribute, written: value, place }];
    const { name: _name, type = "", ...attributes } = Object.fromEntries(keys);
    if (type === "") return refuse(option, "type='…' beside the name of a new provider", reading, place);
    return [{ kind: "add-provider", provider: { name, type, attributes }, locked: false, place }];
  }
  if (section === "appSettings" && sign !== "-") {
    const rule = findRule("appSettings", "", keys.get("key") ?? "");
    return rule === undefined ? [] : setEdit(rule, keys.get("value") ?? value, place, reading);
  }
  return [];
}

function readAttribute(
  section: string,
  element: string,
  attribute: string,
  written: string,
  place: Place,
  reading: Reading,
): Edit[] {
  const rule = findRule(section, element, attribute);
  if (rule !== undefined) return setEdit(rule, written, place, reading);
  const inSession = findRule(ASP, "session", attribute);
  if (section === ASP && element === "" && inSession !== undefined) {
    const message = `/${attribute} is an old form that the schema does not know: the attribute sits on the child element. Write /session.${attribute}:"${written.trim()}".`;
    reading.advice.push({ code: "appcmd-old-form", severity: "warning", message, origin: originOf(place) });
    return setEdit(inSession, written.trim(), place, reading);
  }
  const strict = section === SESSION_STATE || (section === ASP && element !== "");
  const known = attributesOf(section, element);
  const inOtherCase = known.some((one) => one.toLowerCase() === attribute.toLowerCase());
  if (!strict && !inOtherCase) return [];
  const path = element === "" ? attribute : `${element}.${attribute}`;
  const mend = known.length === 0 ? "use session or limits" : suggestion(attribute, known);
  reading.problems.push({
    at: `/${path}`,
    given: "no attribute of the section",
    expected: `an attribute of ${section}`,
    mend,
    ...place,
  });
  return [];
}

function setEdit(rule: SettingRule, written: string, place: Place, reading: Reading): Edit[] {
  const parsed = parseWritten(rule, written);
  if (parsed.ok) return [{ kind: "set", rule, value: parsed.value, written, place }];
  const { expected, mend } = parsed;
  const given = `"${maskAttribute(rule.attribute, written)}"`;
  reading.problems.push({
    at: `/${rule.element === "" ? "" : `${rule.element}.`}${rule.attribute}`,
    given,
    expected,
    mend,
    ...place,
  });
  return [];
}

/** AppCmd shows and takes every time span as a clock, also those that XML holds as whole minutes or seconds. */
function parseWritten(rule: SettingRule, written: string): ParsedValue {
  const { type } = rule;
  const seconds = type.kind === "span" ? clockSeconds(written.trim()) : Number.NaN;
  if (type.kind !== "span" || Number.isNaN(seconds)) return parseValue(type, written, rule.fallback);
  return parseValue(type, String(seconds / (type.unit === "minutes" ? 60 : 1)), rule.fallback);
}

interface Option {
  readonly sign: "" | "+" | "-";
  readonly element: string;
  readonly keys: ReadonlyMap<string, string> | undefined;
  readonly attribute: string;
  readonly value: string;
}

function parseOption(option: string): Option | undefined {
  const plain = /^(?:(\w+)\.)?(\w+):(.*)$/s.exec(option);
  if (plain !== null)
    return { sign: "", element: plain[1] ?? "", keys: undefined, attribute: plain[2]!, value: plain[3]! };
  const selected = /^([+-]?)(?:(\w+)\.)?\[((?:[^'\]]|'[^']*')*)\](?:\.([^:]+):(.*))?$/s.exec(option);
  if (selected === null) return undefined;
  const keys = new Map<string, string>();
  for (const pair of selected[3]!.matchAll(/([^\s=,']+)\s*=\s*'([^']*)'/g)) keys.set(pair[1]!, pair[2]!);
  const sign = selected[1] as Option["sign"];
  if (sign === "" && selected[4] === undefined) return undefined;
  return { sign, element: selected[2] ?? "", keys, attribute: selected[4] ?? "", value: selected[5] ?? "" };
}

function refuse(option: string, expected: string, reading: Reading, place: Place): Edit[] {
  reading.problems.push({
    at: "the option",
    given: `/${maskSecrets(option)}`,
    expected,
    mend: "see appcmd set config /?",
    ...place,
  });
  return [];
}
