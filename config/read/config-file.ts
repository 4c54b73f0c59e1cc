// What one file asks for, whatever its form: a list of scopes (the file's own level and its locations), each a list of edits.
// XML files and AppCmd scripts are read into this shape; config-chain.ts applies it.

import type { Problem } from "../problem.ts";
import type { Provider } from "../session-settings.ts";
import type { SettingRule, SettingValue } from "../settings-schema.ts";
import type { Place } from "./xml-tree.ts";

export type ConfigKind = "config" | "xdt" | "schema" | "script" | "fragment";

/** Something a specialist would point out. `origin` is `file:line`, or `default`. */
export interface Advice {
  readonly code: string;
  readonly severity: "info" | "warning";
  readonly message: string;
  readonly origin: string;
}

/** One thing a file does to the settings. */
export type Edit =
  | {
      readonly kind: "set";
      readonly rule: SettingRule;
      readonly value: SettingValue;
      readonly written: string;
      readonly place: Place;
    }
  | { readonly kind: "reset"; readonly rule: SettingRule; readonly place: Place }
  | { readonly kind: "add-provider"; readonly provider: Provider; readonly locked: boolean; readonly place: Place }
  | {
      readonly kind: "set-provider";
      readonly name: string;
      readonly attribute: string;
      readonly written: string;
      readonly place: Place;
    }
  | { readonly kind: "remove-provider"; readonly name: string; readonly place: Place }
  | { readonly kind: "clear-providers"; readonly place: Place }
  | { readonly kind: "connection-string"; readonly name: string; readonly value: string; readonly place: Place }
  | { readonly kind: "session-module"; readonly type: string; readonly place: Place }
  | { readonly kind: "lock"; readonly lock: Lock; readonly place: Place };

/** `lockAttributes`, `lockElements`, `lockItem` and their `AllExcept` forms, of one element of one section. */
export interface Lock {
  readonly section: string;
  readonly element: string;
  readonly covers: "attributes" | "elements" | "item";
  /** true: all but `names`. */
  readonly except: boolean;
  readonly names: readonly string[];
}

/** A level of the configuration: the file itself (path "") or a `<location>` in it. */
export interface Scope {
  readonly path: string;
  readonly place: Place;
  readonly overrideMode: "Inherit" | "Allow" | "Deny";
  readonly inheritInChildApplications: boolean;
  readonly edits: readonly Edit[];
  /** Sections that appear here, edited or not: what overrideMode applies to. */
  readonly sections: ReadonlyMap<string, Place>;
}

/** `<section>` in `<configSections>`, with its path. */
export interface SectionDeclaration {
  readonly section: string;
  readonly overrideModeDefault: "Allow" | "Deny";
  readonly allowDefinition: string;
  readonly place: Place;
}

/** Sites and pools of ApplicationHost.config, as far as sessions care. */
export interface ServerFacts {
  readonly sites: readonly { readonly name: string; readonly applications: readonly SiteApplication[] }[];
  readonly pools: readonly { readonly name: string; readonly processesMax: number; readonly place: Place }[];
}

export interface SiteApplication {
  /** `/` for the site's root application. */
  readonly path: string;
  readonly pool: string;
}

/** What a schema file declares about the two session elements. */
export interface SchemaReport {
  readonly [section: string]: Readonly<Record<string, SchemaAttribute>>;
}

export interface SchemaAttribute {
  readonly type: string;
  readonly default?: string;
  readonly values?: readonly string[];
  /** As the schema writes it: minimum, maximum, granularity. */
  readonly range?: string;
  readonly origin: string;
}

export interface ConfigFile {
  readonly file: string;
  readonly kind: ConfigKind;
  readonly scopes: readonly Scope[];
  readonly declarations: readonly SectionDeclaration[];
  readonly server: ServerFacts;
  readonly problems: readonly Problem[];
  readonly advice: readonly Advice[];
  readonly schema?: SchemaReport;
}

/** Reads the file that `configSource` names, relative to the file that names it; the text, or why there is none. */
export type OpenConfigSource = (
  source: string,
  fromFile: string,
) => { readonly file: string; readonly text: string } | { readonly reason: string };

export function originOf(place: Place): string {
  return `${place.file}:${place.line}`;
}

/** Whether an edit is about sessions themselves, not about what surrounds them. */
export function isSessionEdit(edit: Edit): boolean {
  if (edit.kind === "set") return edit.rule.group === "sessionState" || edit.rule.group === "aspSession";
  return edit.kind === "add-provider" || edit.kind === "set-provider" || edit.kind.endsWith("-providers");
}
