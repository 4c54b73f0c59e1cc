import { describe, expect, test } from "vitest";
import { chainOf, codesOf, problemsOf, type Texts } from "./chain-of.ts";

const web = (inner: string) => `<configuration><system.web>${inner}</system.web></configuration>`;
const asp = (attributes: string) => `<system.webServer><asp><session ${attributes} /></asp></system.webServer>`;
const sections = (inner: string) =>
  `<configSections><sectionGroup name="system.webServer">${inner}</sectionGroup></configSections>`;

describe("inheritance", () => {
  test("a file lower down wins, attribute by attribute, and each keeps its own origin", () => {
    const { settings } = chainOf({
      "machine.config": web('<sessionState mode="StateServer" timeout="60" cookieName="id" />'),
      "web.config": web('<sessionState timeout="30" />'),
    });
    expect(settings.sessionState.mode).toMatchObject({ value: "StateServer", origin: "machine.config:1" });
    expect(settings.sessionState.timeout).toMatchObject({ value: 30, origin: "web.config:1" });
    expect(settings.sessionState.cookieName.value).toBe("id");
  });

  test("providers add up along the chain and may be cleared", () => {
    const providers = (inner: string) => web(`<sessionState><providers>${inner}</providers></sessionState>`);
    const upper = providers('<add name="A" type="a"/>');
    const names = (lower: string) =>
      chainOf({ "machine.config": upper, "web.config": providers(lower) }).settings.sessionState.providers.value.map(
        (one) => one.name,
      );
    expect(names('<add name="B" type="b"/>')).toEqual(["A", "B"]);
    expect(names('<clear/><add name="B" type="b"/>')).toEqual(["B"]);
    expect(names('<remove name="A"/>')).toEqual([]);
  });

  test("a mistake between files is found: the mode above, the timeout below", () => {
    const texts = {
      "machine.config": web('<sessionState mode="SQLServer" timeout="600000" />'),
      "web.config": web('<sessionState mode="InProc" />'),
    };
    expect(problemsOf(texts)).toMatchObject([{ file: "machine.config", at: "<sessionState> timeout" }]);
  });
});

describe("appSettings", () => {
  const limit = (inner: string) => `<configuration><appSettings>${inner}</appSettings></configuration>`;
  const key = 'key="aspnet:RequestQueueLimitPerSession"';

  test.each([`<remove ${key} />`, "<clear />"])("%s takes the default again", (inner) => {
    const { load } = chainOf({ "a.config": limit(`<add ${key} value="7" />`), "b.config": limit(inner) }).settings;
    expect(load.requestQueueLimitPerSession).toEqual({ value: 50, origin: "default" });
  });
});

describe("locations", () => {
  const host: Texts = {
    "applicationHost.config": `<configuration>${asp('max="10"')}
      <location path="Default Web Site">${asp('max="20"')}</location>
      <location path="Default Web Site/shop">${asp('timeout="00:05:00"')}</location>
      <location path="Other">${asp('max="30"')}</location></configuration>`,
  };

  test("a location inherits from the root and from the locations above it", () => {
    const at = (location?: string) => {
      const { max, timeout } = chainOf(host, location).settings.aspSession;
      return [max.value, timeout.value];
    };
    expect(at()).toEqual([10, "00:20:00"]);
    expect(at("Default Web Site")).toEqual([20, "00:20:00"]);
    expect(at("default web site/SHOP/deeper")).toEqual([20, "00:05:00"]);
    expect(at("Other")).toEqual([30, "00:20:00"]);
  });

  test("locations that are not shown are named", () => {
    expect(chainOf(host).locations).toEqual(["Default Web Site", "Default Web Site/shop", "Other"]);
    expect(codesOf(host).filter((code) => code === "other-location")).toHaveLength(3);
  });

  test("the only location with session settings is taken when the root has none, and only then", () => {
    const one = {
      f: `<configuration><location path="A">${asp('max="5"')}</location><location path="B"><system.web><pages /></system.web></location></configuration>`,
    };
    expect(chainOf(one)).toMatchObject({ location: "A", settings: { aspSession: { max: { value: 5 } } } });
    const two = {
      f: `<configuration><location path="A">${asp('max="5"')}</location><location path="B">${asp('max="6"')}</location></configuration>`,
    };
    expect(chainOf(two)).toMatchObject({ location: null, settings: { aspSession: { max: { origin: "default" } } } });
  });

  test("an unknown location is a mistake, with the nearest one that exists", () => {
    expect(problemsOf(host, "Othr")).toMatchObject([{ at: "--location", mend: "did you mean Other?" }]);
  });

  test("a mistake in a location that nobody asked for is found all the same", () => {
    const texts = {
      f: `<configuration><location path="A"><system.web><sessionState mode="Custom" /></system.web></location><system.web><sessionState timeout="5" /></system.web></configuration>`,
    };
    expect(problemsOf(texts)).toMatchObject([{ at: "<sessionState> customProvider" }]);
  });

  test("a site's own file stands above a location of the server that lies deeper", () => {
    const texts = {
      "applicationHost.config": `<configuration><location path="Site"><system.web><pages enableSessionState="false" /></system.web></location>
        <location path="Site/shop"><system.web><httpRuntime executionTimeout="300" /></system.web></location></configuration>`,
      "site/web.config": web('<pages enableSessionState="ReadOnly" /><httpRuntime executionTimeout="200" />'),
    };
    const { load } = chainOf(texts, "Site/shop").settings;
    expect([load.enableSessionState.value, load.executionTimeout.value]).toEqual(["ReadOnly", 300]);
  });

  test("inheritInChildApplications=false ends at the next application", () => {
    const parent = (inherit: string) =>
      `<configuration><location path="." inheritInChildApplications="${inherit}"><system.web><sessionState timeout="90" /></system.web></location></configuration>`;
    const timeout = (inherit: string) =>
      chainOf({ "parent.config": parent(inherit), "child.config": web("") }).settings.sessionState.timeout.value;
    expect([timeout("true"), timeout("false")]).toEqual([90, 20]);
  });
});

describe("locks", () => {
  const declared = (mode: string, rest = "") =>
    `<configuration>${sections(`<section name="asp" overrideModeDefault="${mode}" />`)}${asp('max="9"')}${rest}</configuration>`;
  const site = `<configuration>${asp('max="5"')}</configuration>`;

  test("overrideModeDefault=Deny locks a section for other files, not for the file itself", () => {
    expect(problemsOf({ "applicationHost.config": declared("Deny"), "web.config": site })[0]?.given).toContain(
      "locked at applicationHost.config:1",
    );
    expect(problemsOf({ "applicationHost.config": declared("Allow"), "web.config": site })).toEqual([]);
    expect(
      problemsOf({ "applicationHost.config": declared("Deny", `<location path="S">${asp('max="1"')}</location>`) }),
    ).toEqual([]);
  });

  test("overrideMode=Allow on a location unlocks it there", () => {
    const unlocked = declared(
      "Deny",
      '<location path="S" overrideMode="Allow"><system.webServer><asp /></system.webServer></location>',
    );
    const texts = { "applicationHost.config": unlocked, "web.config": site };
    expect(chainOf(texts, "S").settings.aspSession.max.value).toBe(5);
    expect(problemsOf(texts)).toHaveLength(1);
  });

  test.each(['allowOverride="false"', 'overrideMode="Deny"'])(
    "<location %s> locks its sections for files below",
    (lock) => {
      const upper = `<configuration><location ${lock}><system.web><sessionState timeout="9" /></system.web></location></configuration>`;
      expect(problemsOf({ "machine.config": upper, "web.config": web('<sessionState timeout="5" />') })).toHaveLength(
        1,
      );
      expect(problemsOf({ "machine.config": upper, "web.config": web("<pages />") })).toEqual([]);
    },
  );

  test.each([
    ['lockAttributes="timeout"', 'timeout="5"', 1],
    ['lockAttributes="timeout,mode"', 'cookieName="x"', 0],
    ['lockAttributes="*"', 'cookieName="x"', 1],
    ['lockAllAttributesExcept="timeout"', 'timeout="5"', 0],
    ['lockAllAttributesExcept="timeout"', 'mode="Off"', 1],
    ['lockItem="true"', 'timeout="5"', 1],
    ['lockItem="false"', 'timeout="5"', 0],
  ])("%s against %s below gives %i problems", (lock, below, count) => {
    const texts = {
      "machine.config": web(`<sessionState timeout="7" ${lock} />`),
      "web.config": web(`<sessionState ${below} />`),
    };
    expect(problemsOf(texts)).toHaveLength(count);
  });

  test("a locked connection string is refused without showing its password", () => {
    const state = (more: string) => web(`<sessionState sqlConnectionString="server=h;password=hunter2" ${more} />`);
    const problems = problemsOf({ "machine.config": state('lockAttributes="*"'), "web.config": state("") });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test("AppCmd lines are no lower level: they write into the file that locks", () => {
    const script = 'appcmd set config "S" /section:asp /session.max:4 /commit:apphost';
    const texts = { "applicationHost.config": declared("Deny"), "set.cmd": script };
    expect(chainOf(texts, "S").settings.aspSession.max).toMatchObject({ value: 4, origin: "set.cmd:1" });
  });

  test("lockElements keeps the providers, lockItem one of them", () => {
    const lower = web('<sessionState><providers><remove name="A" /></providers></sessionState>');
    const upper = (lock: string, itemLock: string) =>
      web(`<sessionState ${lock}><providers><add name="A" type="a" ${itemLock} /></providers></sessionState>`);
    const count = (lock: string, itemLock: string) =>
      problemsOf({ "machine.config": upper(lock, itemLock), "web.config": lower }).length;
    expect([count("", ""), count('lockElements="providers"', ""), count("", 'lockItem="true"')]).toEqual([0, 1, 1]);
  });

  test("sessionState below application level is refused", () => {
    const state = web('<sessionState timeout="5" />');
    expect(problemsOf({ "site/web.config": state, "site/admin/web.config": state })[0]?.given).toBe(
      "set at directory level",
    );
    expect(
      problemsOf({ "site/web.config": state, "site/admin/web.config": web('<sessionPageState historySize="5" />') }),
    ).toEqual([]);
  });

  test("a folder that the list of sites calls an application may set it", () => {
    const host =
      '<configuration><system.applicationHost><sites><site name="S"><application path="/admin" /></site></sites></system.applicationHost></configuration>';
    const state = web('<sessionState timeout="5" />');
    expect(
      problemsOf({ "applicationHost.config": host, "site/web.config": state, "site/admin/web.config": state }),
    ).toEqual([]);
  });

  test("MachineToWebRoot, where machine.config declares it, stops an application", () => {
    const machine =
      '<configuration><configSections><sectionGroup name="system.web"><section name="sessionState" allowDefinition="MachineToWebRoot" /></sectionGroup></configSections></configuration>';
    expect(problemsOf({ "machine.config": machine, "web.config": web('<sessionState timeout="5" />') })).toHaveLength(
      1,
    );
  });
});

describe("configSource", () => {
  const file = (attributes: string) => web(`<sessionState ${attributes} />`);

  test("the section in the other file holds, with that file as its origin", () => {
    const texts = {
      "web.config": file('configSource="session.config"'),
      "source:session.config": '\n<sessionState timeout="44" />',
    };
    expect(chainOf(texts).settings.sessionState.timeout).toEqual({
      value: 44,
      written: "44",
      origin: "session.config:2",
    });
  });

  test.each([
    ['configSource="gone.config"', "which is not there"],
    ['configSource="..\\session.config"', '"..\\session.config"'],
    ['configSource="C:\\session.config"', '"C:\\session.config"'],
    ['configSource="session.config" timeout="5"', "beside other settings"],
    ['configProtectionProvider="P"', "encrypted"],
  ])("%s is refused", (attributes, given) => {
    expect(
      problemsOf({ "web.config": file(attributes), "source:session.config": "<sessionState />" })[0]?.given,
    ).toContain(given);
  });

  test("another section at the root of the source is refused", () => {
    expect(problemsOf({ "web.config": file('configSource="s.config"'), "source:s.config": "<pages />" })).toMatchObject(
      [{ given: "<pages>" }],
    );
  });
});
