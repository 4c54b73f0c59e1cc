// The one table of settings: where each stands in a configuration file, what it may be, and which value holds when nobody writes
// it. Readers, writers and the text of errors all go by it.
// Source: .NET reference source (SessionStateSection.cs, PagesSection.cs, HttpRuntimeSection.cs), IIS_schema.xml, ASPNET_schema.xml.

import {
  type AspSessionValues,
  aspSessionDefaults,
  cookielessModes,
  type LoadValues,
  loadDefaults,
  pageSessionStates,
  type SessionStateValues,
  sameSiteModes,
  sessionModes,
  sessionStateDefaults,
  UNLIMITED_SESSIONS,
} from "./session-settings.ts";

/** What a setting may hold. Spans are whole units in XML; clocks are `[d.]hh:mm:ss`. */
export type ValueType =
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly aliases?: Readonly<Record<string, string>> }
  | { readonly kind: "bool" }
  | { readonly kind: "text" }
  | { readonly kind: "whole"; readonly min: number; readonly max: number; readonly minusOneIs?: number }
  | { readonly kind: "span"; readonly unit: "minutes" | "seconds"; readonly min: number; readonly infinite: boolean }
  | { readonly kind: "clock"; readonly minSeconds: number; readonly maxSeconds: number; readonly stepSeconds: number };

export type SettingValue = string | number | boolean;
/** `surroundings` are not session settings; they decide what the settings mean. */
export type SettingGroup = "sessionState" | "aspSession" | "load" | "surroundings";

export interface SettingRule {
  readonly group: SettingGroup;
  readonly name: string;
  /** Path of the section: `system.webServer/asp`. */
  readonly section: string;
  /** Child element of the section that carries the attribute; empty for the section itself. */
  readonly element: string;
  readonly attribute: string;
  readonly type: ValueType;
  readonly fallback: SettingValue;
}

/** What else in the files changes the meaning of the settings. */
export interface SurroundingValues {
  /** `compilation debug`: the server then ends no request that runs too long. */
  readonly debug: boolean;
  /** `httpRuntime targetFramework`; empty when not written. */
  readonly targetFramework: string;
  /** `httpCookies requireSSL`. */
  readonly cookiesRequireSsl: boolean;
}

const surroundingDefaults: SurroundingValues = { debug: false, targetFramework: "", cookiesRequireSsl: false };

export const QUEUE_LIMIT_KEY = "aspnet:RequestQueueLimitPerSession";
export const SESSION_STATE = "system.web/sessionState";
export const ASP = "system.webServer/asp";

const bool: ValueType = { kind: "bool" };
const text: ValueType = { kind: "text" };
const uint31: ValueType = { kind: "whole", min: 0, max: 2_147_483_647 };
const enumOf = (values: readonly string[], aliases?: Record<string, string>): ValueType =>
  aliases === undefined ? { kind: "enum", values } : { kind: "enum", values, aliases };
const span = (unit: "minutes" | "seconds", min: number, infinite = true): ValueType => ({
  kind: "span",
  unit,
  min,
  infinite,
});
const anyClock: ValueType = { kind: "clock", minSeconds: 0, maxSeconds: Number.MAX_SAFE_INTEGER, stepSeconds: 1 };

type SessionStateName = Exclude<keyof SessionStateValues, "providers">;

const sessionStateTypes: Record<SessionStateName, ValueType> = {
  mode: enumOf(sessionModes),
  cookieless: enumOf(cookielessModes, { true: "UseUri", false: "UseCookies" }),
  cookieName: text,
  timeout: span("minutes", 1),
  stateConnectionString: text,
  stateNetworkTimeout: span("seconds", 1),
  sqlConnectionString: text,
  sqlCommandTimeout: span("seconds", 0),
  sqlConnectionRetryInterval: span("seconds", 0),
  allowCustomSqlDatabase: bool,
  customProvider: text,
  partitionResolverType: text,
  regenerateExpiredSessionId: bool,
  sessionIDManagerType: text,
  useHostingIdentity: bool,
  compressionEnabled: bool,
  cookieSameSite: enumOf(sameSiteModes),
};

const aspSessionTypes: Record<keyof AspSessionValues, ValueType> = {
  allowSessionState: bool,
  keepSessionIdSecure: bool,
  max: { kind: "whole", min: 0, max: UNLIMITED_SESSIONS, minusOneIs: UNLIMITED_SESSIONS },
  timeout: { kind: "clock", minSeconds: 0, maxSeconds: 31_536_000, stepSeconds: 60 },
};

const loadPlaces: Record<keyof LoadValues, readonly [section: string, element: string, type: ValueType]> = {
  enableSessionState: ["system.web/pages", "", enumOf(pageSessionStates)],
  executionTimeout: ["system.web/httpRuntime", "", span("seconds", 1, false)],
  historySize: ["system.web/sessionPageState", "", { kind: "whole", min: 1, max: 2_147_483_647 }],
  requestQueueLimitPerSession: ["appSettings", "", uint31],
  requestQueueMax: [ASP, "limits", uint31],
  queueTimeout: [ASP, "limits", anyClock],
  queueConnectionTestTime: [ASP, "limits", { kind: "clock", minSeconds: 1, maxSeconds: 2_147_483_647, stepSeconds: 1 }],
  processorThreadMax: [ASP, "limits", uint31],
  scriptTimeout: [ASP, "limits", anyClock],
  bufferingLimit: [ASP, "limits", uint31],
  maxRequestEntityAllowed: [ASP, "limits", uint31],
  runAllManagedModulesForAllRequests: ["system.webServer/modules", "", bool],
};

function rule(
  group: SettingGroup,
  name: string,
  section: string,
  element: string,
  type: ValueType,
  fallback: SettingValue,
) {
  return { group, name, section, element, attribute: name, type, fallback };
}

/** Every setting that is an attribute, in the order of reports. `<providers>` is a collection and stands beside the table. */
export const settingRules: readonly SettingRule[] = [
  ...keysOf(sessionStateTypes).map((name) =>
    rule("sessionState", name, SESSION_STATE, "", sessionStateTypes[name], sessionStateDefaults[name]),
  ),
  ...keysOf(aspSessionTypes).map((name) =>
    rule("aspSession", name, ASP, "session", aspSessionTypes[name], aspSessionDefaults[name]),
  ),
  ...keysOf(loadPlaces).map((name) => {
    const [section, element, type] = loadPlaces[name];
    const inTable = rule("load", name, section, element, type, loadDefaults[name]);
    return name === "requestQueueLimitPerSession" ? { ...inTable, attribute: QUEUE_LIMIT_KEY } : inTable;
  }),
  rule("surroundings", "debug", "system.web/compilation", "", bool, surroundingDefaults.debug),
  rule("surroundings", "targetFramework", "system.web/httpRuntime", "", text, surroundingDefaults.targetFramework),
  {
    ...rule(
      "surroundings",
      "cookiesRequireSsl",
      "system.web/httpCookies",
      "",
      bool,
      surroundingDefaults.cookiesRequireSsl,
    ),
    attribute: "requireSSL",
  },
];

/** Attributes of `<asp>` itself: none is a session setting, all are legal. */
export const aspAttributes: readonly string[] = [
  ...["appAllowClientDebug", "appAllowDebugging", "errorsToNTLog", "logErrorRequests", "calcLineNumber", "codePage"],
  ...["enableApplicationRestart", "enableAspHtmlFallback", "enableChunkedEncoding", "enableParentPaths"],
  ...["exceptionCatchEnable", "lcid", "runOnEndAnonymously", "scriptErrorMessage", "scriptErrorSentToBrowser"],
  ...["scriptLanguage", "bufferingOn"],
];
export const aspElements: readonly string[] = ["session", "limits", "comPlus", "cache"];

export function findRule(section: string, element: string, attribute: string): SettingRule | undefined {
  return settingRules.find((one) => one.section === section && one.element === element && one.attribute === attribute);
}

/** Attributes of one element that the table knows. */
export function attributesOf(section: string, element: string): string[] {
  return settingRules.filter((one) => one.section === section && one.element === element).map((one) => one.attribute);
}

function keysOf<T extends object>(values: T): (keyof T & string)[] {
  return Object.keys(values) as (keyof T & string)[];
}
