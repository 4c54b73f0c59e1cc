// Scopes applied one after another to the defaults: later edits win, unless something above has locked them. What comes out are the
// effective settings with the origin of each, and the places to point at when they do not fit together.

import { maskSecrets } from "../connection-strings.ts";
import type { Problem } from "../problem.ts";
import type { Provider, Setting, Settings } from "../session-settings.ts";
import {
  ASP,
  SESSION_STATE,
  type SettingRule,
  type SettingValue,
  type SurroundingValues,
  settingRules,
} from "../settings-schema.ts";
import { type Edit, type Lock, originOf } from "./config-file.ts";
import { type LeveledFile, type LeveledScope, levels } from "./config-levels.ts";
import type { Place } from "./xml-tree.ts";

export interface Surroundings extends SurroundingValues {
  /** Type of the module that stands in for ASP.NET's own; empty when it was removed; undefined when nothing is said. */
  readonly sessionModule: Setting<string> | undefined;
  /** Names and values of `<connectionStrings>`. */
  readonly connectionStrings: ReadonlyMap<string, string>;
}

export interface Effective {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Where a written setting stands, by `group.name`. */
  readonly places: ReadonlyMap<string, Place>;
  readonly problems: readonly Problem[];
}

interface ProviderEntry {
  readonly provider: Provider;
  readonly locked: boolean;
  readonly place: Place;
}

interface State {
  readonly values: Map<string, Setting<SettingValue>>;
  readonly places: Map<string, Place>;
  readonly connectionStrings: Map<string, string>;
  readonly sectionLocks: Map<string, { readonly file: LeveledFile; readonly place: Place }>;
  readonly locks: { readonly lock: Lock; readonly place: Place }[];
  readonly problems: Problem[];
  providers: ProviderEntry[];
  providersWritten: string[];
  providersPlace: Place | undefined;
  sessionModule: Setting<string> | undefined;
}

/** @param scopes in the order in which they apply. @param files the whole chain, for its section declarations. */
export function applyScopes(scopes: readonly LeveledScope[], files: readonly LeveledFile[]): Effective {
  const state: State = {
    values: new Map(settingRules.map((rule) => [keyOf(rule), { value: rule.fallback, origin: "default" }])),
    places: new Map(),
    connectionStrings: new Map(),
    sectionLocks: new Map(),
    locks: [],
    problems: [],
    providers: [],
    providersWritten: [],
    providersPlace: undefined,
    sessionModule: undefined,
  };
  for (const file of files) {
    for (const declared of file.config.declarations) {
      if (declared.overrideModeDefault === "Deny")
        state.sectionLocks.set(declared.section, { file, place: declared.place });
    }
  }
  for (const scope of scopes) applyScope(state, scope, files);
  return finish(state);
}

function applyScope(state: State, leveled: LeveledScope, files: readonly LeveledFile[]): void {
  const { scope, file } = leveled;
  for (const [section, place] of scope.sections) {
    const lock = state.sectionLocks.get(section);
    // AppCmd writes into the very file that locks.
    const sameFile = lock?.file === file || file.config.kind === "script";
    if (lock !== undefined && !sameFile) state.problems.push(lockedSection(section, place, lock.place));
    const misplaced = definedTooLow(section, place, leveled, files);
    if (misplaced !== undefined) state.problems.push(misplaced);
    if (scope.overrideMode === "Deny") state.sectionLocks.set(section, { file, place: scope.place });
    if (scope.overrideMode === "Allow") state.sectionLocks.delete(section);
  }
  // A lock binds the levels below the one that sets it, so it takes effect after this scope's own edits.
  for (const edit of scope.edits) if (edit.kind !== "lock") applyEdit(state, edit);
  for (const edit of scope.edits) if (edit.kind === "lock") state.locks.push({ lock: edit.lock, place: edit.place });
}

function applyEdit(state: State, edit: Exclude<Edit, { kind: "lock" }>): void {
  const { place } = edit;
  switch (edit.kind) {
    case "set": {
      const { rule, value, written } = edit;
      const lock = lockOn(state, rule.section, rule.element, rule.attribute);
      if (lock !== undefined)
        state.problems.push(
          lockedAttribute(`${elementName(rule)} ${rule.attribute}`, maskSecrets(written), place, lock),
        );
      state.values.set(keyOf(rule), { value, written, origin: originOf(place) });
      state.places.set(keyOf(rule), place);
      return;
    }
    case "reset":
      state.values.set(keyOf(edit.rule), { value: edit.rule.fallback, origin: "default" });
      return;
    case "connection-string":
      state.connectionStrings.set(edit.name, edit.value);
      return;
    case "session-module":
      state.sessionModule = { value: edit.type, origin: originOf(place) };
      return;
    default:
      applyProviderEdit(state, edit);
  }
}

type ProviderEdit = Extract<Edit, { kind: "add-provider" | "set-provider" | "remove-provider" | "clear-providers" }>;

function applyProviderEdit(state: State, edit: ProviderEdit): void {
  const { place } = edit;
  const lock = lockOn(state, SESSION_STATE, "providers", "");
  if (lock !== undefined) state.problems.push(lockedAttribute("<providers>", edit.kind, place, lock));
  state.providersPlace = place;
  const name = edit.kind === "clear-providers" ? "" : edit.kind === "add-provider" ? edit.provider.name : edit.name;
  const found = state.providers.find((entry) => sameName(entry.provider.name, name));
  const others = state.providers.filter((entry) => entry !== found);
  if (edit.kind === "clear-providers" || edit.kind === "remove-provider") {
    const going = edit.kind === "clear-providers" ? state.providers : found === undefined ? [] : [found];
    const held = going.find((entry) => entry.locked);
    if (held !== undefined)
      state.problems.push(lockedAttribute("<providers>", `removal of ${held.provider.name}`, place, held.place));
    state.providers = edit.kind === "clear-providers" ? [] : others;
    state.providersWritten.push(edit.kind === "clear-providers" ? "clear" : `remove ${name}`);
  } else if (edit.kind === "add-provider") {
    if (found !== undefined && !sameProvider(found.provider, edit.provider)) {
      const mend = `put <remove name="${name}" /> before it`;
      const given = `added though "${name}" is there already (${originOf(found.place)})`;
      state.problems.push({ at: "<providers> add", given, expected: "a name that is not in the list", mend, ...place });
    }
    state.providers = [...others, edit];
    state.providersWritten.push(`add ${name}`);
  } else if (found === undefined) {
    const mend = `add it first: /+"providers.[name='${name}',type='…']"`;
    state.problems.push({
      at: "<providers>",
      given: `without "${name}"`,
      expected: "a provider of that name",
      mend,
      ...place,
    });
  } else {
    const { provider } = found;
    const changed =
      edit.attribute === "type"
        ? { ...provider, type: edit.written }
        : { ...provider, attributes: { ...provider.attributes, [edit.attribute]: edit.written } };
    state.providers = state.providers.map((entry) =>
      entry === found ? { ...entry, provider: changed, place } : entry,
    );
  }
}

/** The lock that forbids an attribute of an element (or, without a name, the element as a whole). */
function lockOn(state: State, section: string, element: string, attribute: string): Place | undefined {
  return state.locks.find(({ lock }) => {
    if (lock.section !== section) return false;
    if (lock.element === "" && element !== "") {
      return lock.covers === "item" || (lock.covers === "elements" && lists(lock, element));
    }
    if (lock.element !== element || lock.covers === "elements") return false;
    return lock.covers === "item" || (attribute !== "" && lists(lock, attribute));
  })?.place;
}

function lists(lock: Lock, name: string): boolean {
  return (lock.names.includes("*") || lock.names.includes(name)) !== lock.except;
}

const lowestLevel: Readonly<Record<string, number>> = {
  MachineOnly: 0,
  MachineToWebRoot: 1,
  AppHostOnly: 1,
  MachineToApplication: 2,
};

/** sessionState is declared allowDefinition="MachineToApplication" in machine.config; other sections as the files declare them. */
function definedTooLow(
  section: string,
  place: Place,
  leveled: LeveledScope,
  files: readonly LeveledFile[],
): Problem | undefined {
  const declared = files
    .flatMap((file) => file.config.declarations)
    .find((one) => one.section === section)?.allowDefinition;
  const allowed = declared || (section === SESSION_STATE ? "MachineToApplication" : "Everywhere");
  if (levels.indexOf(leveled.level) <= (lowestLevel[allowed] ?? levels.length)) return undefined;
  return {
    at: `<${section.split("/").at(-1)}>`,
    given: `set at ${leveled.level} level`,
    expected: `the section no lower than allowDefinition="${allowed}" lets it`,
    mend:
      allowed === "MachineToApplication"
        ? "move it to the web.config of the application"
        : "move it to a file further up",
    ...place,
  };
}

function lockedSection(section: string, place: Place, lock: Place): Problem {
  const mend =
    section === ASP
      ? "set it in ApplicationHost.config under <location path>, give --location where a <location> unlocks it, or unlock it with: appcmd unlock config -section:system.webServer/asp"
      : 'set it where it is locked, or unlock it there with overrideMode="Allow"';
  const given = `set although the section is locked at ${originOf(lock)}`;
  return { at: `<${section.split("/").at(-1)}>`, given, expected: "an unlocked section", mend, ...place };
}

function lockedAttribute(at: string, written: string, place: Place, lock: Place): Problem {
  const given = `set (${written}) although it is locked at ${originOf(lock)}`;
  return {
    at,
    given,
    expected: "no change below the lock",
    mend: "leave it out here, or lift the lock there",
    ...place,
  };
}

function finish(state: State): Effective {
  const group = (name: string) =>
    Object.fromEntries(
      settingRules.filter((rule) => rule.group === name).map((rule) => [rule.name, state.values.get(keyOf(rule))!]),
    );
  const providers: Setting<readonly Provider[]> =
    state.providersPlace === undefined
      ? { value: [], origin: "default" }
      : {
          value: state.providers.map((entry) => entry.provider),
          written: state.providersWritten.join(", "),
          origin: originOf(state.providersPlace),
        };
  const around = Object.fromEntries(
    Object.entries(group("surroundings")).map(([name, setting]) => [name, setting.value]),
  );
  // The table gives every key its type; the map between lost it.
  const settings = {
    sessionState: { ...group("sessionState"), providers },
    aspSession: group("aspSession"),
    load: group("load"),
  } as unknown as Settings;
  const surroundings = {
    ...(around as unknown as SurroundingValues),
    sessionModule: state.sessionModule,
    connectionStrings: state.connectionStrings,
  };
  return { settings, surroundings, places: state.places, problems: state.problems };
}

function keyOf(rule: SettingRule): string {
  return `${rule.group}.${rule.name}`;
}

function elementName(rule: SettingRule): string {
  return `<${rule.element === "" ? rule.section.split("/").at(-1) : rule.element}>`;
}

/** Provider names compare without regard to case (ProviderSettingsCollection). */
function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function sameProvider(left: Provider, right: Provider): boolean {
  const texts = (provider: Provider) =>
    JSON.stringify([
      provider.name,
      provider.type,
      ...Object.entries(provider.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  return texts(left) === texts(right);
}
