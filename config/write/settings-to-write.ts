// Which settings a written form holds, with their texts, and what no form can hold. The writers of each language start from here.

import { InputError, type Problem } from "../problem.ts";
import type { Provider, Setting, Settings } from "../session-settings.ts";
import { clockText, valueText } from "../setting-values.ts";
import { SESSION_STATE, type SettingRule, type SettingValue, settingRules } from "../settings-schema.ts";

export interface WrittenSetting {
  readonly rule: SettingRule;
  readonly value: SettingValue;
  /** As XML has it. */
  readonly text: string;
  /** Nobody wrote it: the default of this application's target framework, which differs from the default of others. */
  readonly derived: boolean;
}

/** Everything to write, grouped by section in the order of the table. */
export interface SectionToWrite {
  readonly section: string;
  readonly settings: readonly WrittenSetting[];
  readonly providers: readonly Provider[];
  /** `<clear />` stood before the providers. */
  readonly clearsProviders: boolean;
}

export interface WriteOptions {
  /** Site or path; null for the level of the file or server itself. */
  readonly location: string | null;
  /** Write defaults too. */
  readonly all: boolean;
}

/**
 * The settings that somebody wrote, or that differ from the default; with `all`, every one.
 * @throws InputError naming texts that XML, and so any configuration file, cannot hold.
 */
export function settingsToWrite(settings: Settings, options: WriteOptions): SectionToWrite[] {
  const problems: Problem[] = [];
  const sections = new Map<string, WrittenSetting[]>();
  for (const rule of settingRules) {
    if (rule.group === "surroundings") continue;
    const setting = (settings[rule.group] as unknown as Record<string, Setting<SettingValue>>)[rule.name]!;
    if (!options.all && setting.origin === "default" && setting.value === rule.fallback) continue;
    const derived = setting.origin === "default" && setting.value !== rule.fallback;
    const written = { rule, value: setting.value, text: valueText(setting.value), derived };
    refuseUnwritable(`${rule.section} ${rule.attribute}`, written.text, problems);
    sections.set(rule.section, [...(sections.get(rule.section) ?? []), written]);
  }
  const { value: providers, written: history = "" } = settings.sessionState.providers;
  for (const provider of providers) checkProvider(provider, problems);
  refuseUnwritable("location", options.location ?? "", problems);
  if (problems.length > 0) throw new InputError("Cannot write the settings", problems);
  if (providers.length > 0 && !sections.has(SESSION_STATE)) sections.set(SESSION_STATE, []);
  return [...sections].map(([section, written]) => ({
    section,
    settings: written,
    providers: section === SESSION_STATE ? providers : [],
    clearsProviders: section === SESSION_STATE && /^clear\b/.test(history),
  }));
}

/** ASP.NET's own sections belong in web.config; those of IIS that are locked there, in ApplicationHost.config. */
export function belongsToHost(section: string): boolean {
  return section.startsWith("system.webServer/");
}

/** A time span as the IIS interfaces take it: `[d.]hh:mm:ss`, or `Infinite`; undefined for other types. */
export function spanClock({ rule, value }: WrittenSetting): string | undefined {
  if (rule.type.kind === "clock") return String(value);
  if (rule.type.kind !== "span") return undefined;
  return typeof value === "number" ? clockText(value * (rule.type.unit === "minutes" ? 60 : 1)) : String(value);
}

/** One problem in one language, as an error of its own. */
export function cannotWrite(language: string, at: string, given: string, mend: string): InputError {
  const expected = `something that ${language} can carry unchanged`;
  return new InputError(`Cannot write the settings as ${language}`, [{ at, given, expected, mend }]);
}

function checkProvider(provider: Provider, problems: Problem[]): void {
  const at = `provider "${provider.name}"`;
  const pairs = [["name", provider.name], ["type", provider.type], ...Object.entries(provider.attributes)] as const;
  for (const [name, value] of pairs) {
    refuseUnwritable(`${at} ${name}`, value!, problems);
    if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name!)) {
      problems.push({
        at,
        given: `written with the attribute "${name}"`,
        expected: "a name that XML allows",
        mend: "rename it",
      });
    }
  }
}

/** XML 1.0 has no way to write most control characters, nor half of a surrogate pair. */
function refuseUnwritable(at: string, text: string, problems: Problem[]): void {
  const bad = Array.from(text).find(
    (character) => !/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]$/u.test(character),
  );
  if (bad === undefined) return;
  const code = bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  problems.push({
    at,
    given: `a text with the character U+${code}`,
    expected: "characters that XML 1.0 allows",
    mend: "remove it",
  });
}
