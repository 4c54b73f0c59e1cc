import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { defaultSettings, type Provider, type Settings } from "../../../config/session-settings.ts";
import { clockText } from "../../../config/setting-values.ts";
import { type SettingRule, type SettingValue, settingRules } from "../../../config/settings-schema.ts";
import { emitForms, writeSettings } from "../../../config/write/write-settings.ts";
import { chainOf, systemWeb } from "../read/chain-of.ts";

const nasty = fc.constantFrom(..."\"'\\%&|<>^()!=,; \té€ß–“”‘’`$😀{}[]".match(/./gsu)!);
const character = fc.oneof(nasty, fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }));
/** Any text that XML can hold in one line; AppCmd refuses line breaks. */
const text = fc
  .string({ unit: fc.oneof(character, fc.string({ unit: "binary", minLength: 1, maxLength: 1 })), maxLength: 20 })
  .filter((value) => /^[\t\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(value));
const name = fc
  .stringMatching(/^[A-Za-zéß_][A-Za-z0-9_.-]{0,12}$/)
  .filter((one) => !/^(name|type|lock.*|config.*|xmlns|xml)$/i.test(one));

function arbitraryValue(rule: SettingRule): fc.Arbitrary<SettingValue> {
  const { type } = rule;
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "text":
      return text;
    case "enum":
      return fc.constantFrom(...type.values);
    case "whole":
      return fc.integer({ min: type.min, max: type.max });
    case "span": {
      const whole = fc.integer({ min: type.min, max: 525_600 });
      return type.infinite ? fc.oneof({ weight: 5, arbitrary: whole }, fc.constant("Infinite")) : whole;
    }
    case "clock":
      return fc
        .integer({
          min: Math.ceil(type.minSeconds / type.stepSeconds),
          max: Math.floor(Math.min(type.maxSeconds, 1e8) / type.stepSeconds),
        })
        .map((steps) => clockText(steps * type.stepSeconds));
  }
}

/** Settings in which any subset was written, with values that go together. */
function arbitrarySettings(providerName: fc.Arbitrary<string>): fc.Arbitrary<Settings> {
  const provider: fc.Arbitrary<Provider> = fc.record({
    name: providerName,
    type: providerName,
    attributes: fc.dictionary(name, text, { maxKeys: 4, noNullPrototype: true }),
  });
  const rules = settingRules.filter((rule) => rule.group !== "surroundings");
  const values = fc.tuple(...rules.map((rule) => fc.option(arbitraryValue(rule), { nil: undefined })));
  return fc
    .tuple(values, fc.uniqueArray(provider, { maxLength: 3, selector: (one) => one.name.toLowerCase() }))
    .map(([drawn, providers]) => {
      const settings = structuredClone(defaultSettings()) as unknown as Record<
        string,
        Record<string, { value: unknown; origin: string }>
      >;
      drawn.forEach((value, index) => {
        const rule = rules[index]!;
        if (value !== undefined) settings[rule.group]![rule.name] = { value, origin: "drawn:1" };
      });
      const state = settings.sessionState!;
      if (providers.length > 0) state.providers = { value: providers, origin: "drawn:1" };
      // Combinations that ASP.NET refuses are the business of other tests.
      const mode = state.mode!.value;
      if ((mode === "InProc" || mode === "StateServer") && state.timeout!.value === "Infinite")
        state.timeout!.value = 99;
      if (mode === "StateServer") state.stateConnectionString!.value = "tcpip=[::1]:42424";
      if (mode === "SQLServer")
        state.sqlConnectionString = { value: `data source=h;password="it's ""&<>%"`, origin: "drawn:1" };
      if (mode === "InProc" || mode === "Custom") state.partitionResolverType!.value = "";
      if (mode === "Custom" && providers.length > 0)
        state.customProvider = { value: providers[0]!.name, origin: "drawn:1" };
      if (mode === "Custom" && providers.length === 0) state.mode!.value = "Off";
      return settings as unknown as Settings;
    });
}

function plain(settings: Settings): unknown {
  const values = (group: object) =>
    Object.fromEntries(Object.entries(group).map(([key, setting]) => [key, setting.value]));
  return {
    sessionState: values(settings.sessionState),
    aspSession: values(settings.aspSession),
    load: values(settings.load),
  };
}

const nonEmpty = text.filter((value) => value !== "");
const withoutApostrophe = nonEmpty.filter((value) => !value.includes("'"));
const location = fc.option(fc.stringMatching(/^[A-Za-z][A-Za-z0-9 &'é]{0,10}[a-z](\/[a-z]{1,5})?$/), { nil: null });

describe("what is written is read back the same", () => {
  test.each([
    ["xml", nonEmpty],
    ["appcmd", withoutApostrophe],
  ] as const)("as %s, for settings drawn at random", (form, providerName) => {
    fc.assert(
      fc.property(arbitrarySettings(providerName), location, fc.boolean(), (settings, place, all) => {
        const written = writeSettings(settings, form, { location: place, all });
        if (written.trim() === "") return;
        const back = chainOf({ back: written });
        expect(plain(back.settings)).toEqual(plain(settings));
      }),
      { numRuns: 400 },
    );
  });

  test("line breaks and tabs survive in XML", () => {
    const { settings } = chainOf(systemWeb('<sessionState cookieName="a&#10;b&#13;c&#9;d" />'));
    expect(settings.sessionState.cookieName.value).toBe("a\nb\rc\td");
    const written = writeSettings(settings, "xml", { location: null, all: false });
    expect(chainOf({ f: written }).settings.sessionState.cookieName.value).toBe("a\nb\rc\td");
  });

  test("only what somebody wrote is written, and with all every setting", () => {
    const { settings } = chainOf(systemWeb('<sessionState timeout="20" />'));
    expect(writeSettings(settings, "appcmd", { location: null, all: false })).toBe(
      'appcmd.exe set config -section:system.web/sessionState /timeout:"00:20:00" /commit:webroot\n',
    );
    const rules = settingRules.filter((rule) => rule.group !== "surroundings");
    expect(writeSettings(settings, "appcmd", { location: null, all: true }).trim().split("\n")).toHaveLength(
      rules.length,
    );
  });
});

describe("forms of the IIS samples", () => {
  const sample = chainOf({
    "sample.xml":
      '<location path="Default Web Site"><system.webServer><asp><session allowSessionState="true" max="1000" timeout="00:10:00" /></asp></system.webServer></location>',
  }).settings;
  const emit = (form: (typeof emitForms)[number]) =>
    writeSettings(sample, form, { location: "Default Web Site", all: false });

  test("AppCmd", () => {
    expect(emit("appcmd").split("\n").slice(0, 2)).toEqual([
      'appcmd.exe set config "Default Web Site" -section:system.webServer/asp /session.allowSessionState:"true" /commit:apphost',
      'appcmd.exe set config "Default Web Site" -section:system.webServer/asp /session.max:"1000" /commit:apphost',
    ]);
  });

  test.each([
    ["csharp", 'sessionElement["timeout"] = TimeSpan.Parse("00:10:00");'],
    ["csharp", 'hostConfig.GetSection("system.webServer/asp", "Default Web Site");'],
    ["vb", 'sessionElement("timeout") = TimeSpan.Parse("00:10:00")'],
    ["vbscript", 'aspSection.ChildElements.Item("session").Properties.Item("max").Value = 1000'],
    ["javascript", 'hostManager.GetAdminSection("system.webServer/asp", "MACHINE/WEBROOT/APPHOST/Default Web Site");'],
    ["powershell", "-Location 'Default Web Site' -Filter 'system.webServer/asp/session' -Name 'max' -Value 1000"],
    ["wmi", 'section.Session.Timeout = "00000000001000.000000:000"'],
  ] as const)("%s has %s", (form, line) => {
    expect(emit(form)).toContain(line);
  });

  test("the JavaScript runs, and sets what it says", () => {
    const set: Record<string, unknown> = {};
    const properties = (path: string) => ({
      Item: (attribute: string) => ({
        set Value(value: unknown) {
          set[`${path}@${attribute}`] = value;
        },
      }),
    });
    class ActiveXObject {
      CommitPath = "";
      GetAdminSection(section: string, path: string) {
        const at = `${path}|${section}`;
        return {
          Properties: properties(at),
          ChildElements: { Item: (child: string) => ({ Properties: properties(`${at}/${child}`) }) },
        };
      }
      CommitChanges() {
        set.committed = this.CommitPath;
      }
    }
    const cookieName = 'é"\\\u2028😀';
    const { settings } = chainOf(systemWeb(`<sessionState cookieName='${cookieName}' />`));
    runInContext(
      writeSettings(settings, "javascript", { location: "S/a", all: false }),
      createContext({ ActiveXObject }),
    );
    expect(set).toEqual({
      "MACHINE/WEBROOT/APPHOST/S/a|system.web/sessionState@cookieName": cookieName,
      committed: "MACHINE/WEBROOT/APPHOST/S/a",
    });
  });
});

describe("what a language cannot carry is refused, never changed", () => {
  const cookie = (value: string): Settings => {
    const settings = defaultSettings();
    return { ...settings, sessionState: { ...settings.sessionState, cookieName: { value, origin: "f:1" } } };
  };
  const emit = (form: (typeof emitForms)[number], settings: Settings) => () =>
    writeSettings(settings, form, { location: null, all: false });

  test.each(emitForms)("%s does not write characters that no configuration file can hold", (form) => {
    for (const value of ["a\u0001b", "\uD800", "\uFFFF", "\u0000"])
      expect(emit(form, cookie(value))).toThrow(InputError);
  });

  test("AppCmd has no line breaks, no apostrophe in a selector and no endless line", () => {
    expect(emit("appcmd", cookie("a\nb"))).toThrow("line break");
    expect(emit("appcmd", cookie("x".repeat(9000)))).toThrow("characters");
    const { settings } = chainOf(
      systemWeb('<sessionState><providers><add name="it\'s" type="t" /></providers></sessionState>'),
    );
    expect(emit("appcmd", settings)).toThrow("apostrophe");
  });

  test("WMI lacks newer attributes, providers and Infinite, and leaves their defaults with a remark", () => {
    for (const inner of [
      '<sessionState compressionEnabled="true" />',
      '<sessionState sqlCommandTimeout="Infinite" />',
      '<sessionState><providers><add name="A" type="t" /></providers></sessionState>',
    ]) {
      expect(emit("wmi", chainOf(systemWeb(inner)).settings)).toThrow(InputError);
    }
    expect(writeSettings(defaultSettings(), "wmi", { location: null, all: true })).toContain(
      "' compressionEnabled keeps its default",
    );
  });

  test.each([
    ["csharp", '"\\u201c\\"\\\\%\\u00e9"'],
    ["javascript", '"\\u201c\\"\\\\%\\u00e9"'],
    ["vb", 'ChrW(8220) & """\\%" & ChrW(233)'],
    ["vbscript", 'ChrW(8220) & """\\%" & ChrW(233)'],
    ["wmi", 'ChrW(8220) & """\\%" & ChrW(233)'],
    ["powershell", "([string][char]8220 + '\"\\%' + [string][char]233)"],
  ] as const)("%s writes quotes, backslashes and letters beyond ASCII as %s", (form, literal) => {
    expect(emit(form, cookie('“"\\%é'))()).toContain(literal);
  });

  test("a name with an apostrophe stays one name in PowerShell and in WMI paths", () => {
    const written = (form: "powershell" | "wmi") => writeSettings(cookie("x"), form, { location: "Bob's", all: false });
    expect(written("powershell")).toContain("'MACHINE/WEBROOT/APPHOST/Bob''s'");
    expect(written("wmi")).toContain("Path='MACHINE/WEBROOT/APPHOST/Bob\\'s'");
  });
});
