import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { chainOf, codesOf, problemsOf, systemWeb, systemWebServer } from "./chain-of.ts";

describe("what a value may be", () => {
  test.each([
    ["timeout", "0"],
    ["timeout", "-5"],
    ["timeout", "20.5"],
    ["timeout", "infinite"],
    ["timeout", "00:20:00"],
    ["timeout", "15372286729"],
    ["mode", "inproc"],
    ["mode", "InProcess"],
    ["mode", ""],
    ["cookieless", "True"],
    ["cookieless", "usecookies"],
    ["cookieSameSite", "lax"],
    ["allowCustomSqlDatabase", "yes"],
    ["stateNetworkTimeout", "0"],
    ["sqlCommandTimeout", "-1"],
  ])('sessionState %s="%s" is refused where it stands', (name, value) => {
    const [problem, ...others] = problemsOf(systemWeb(`\n  <sessionState ${name}="${value}" />`));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      at: `<sessionState> ${name}`,
      given: `"${value}"`,
      file: "web.config",
      line: 2,
      column: 17,
    });
  });

  test.each([
    ["max", "-2"],
    ["max", "4294967296"],
    ["max", "1e3"],
    ["timeout", "00:10:30"],
    ["timeout", "365.00:01:00"],
    ["timeout", "24:00:00"],
    ["timeout", "00:60:00"],
    ["timeout", "20"],
    ["allowSessionState", "1"],
  ])('asp session %s="%s" is refused', (name, value) => {
    expect(problemsOf(systemWebServer(`<asp><session ${name}="${value}" /></asp>`))).toHaveLength(1);
  });

  test.each([
    ["max", "-1", 4_294_967_295],
    ["max", "4294967295", 4_294_967_295],
    ["max", "0", 0],
    ["timeout", "00:00:00", "00:00:00"],
    ["timeout", "365.00:00:00", "365.00:00:00"],
    ["timeout", "0.00:10:00", "00:10:00"],
    ["timeout", "1:5:0", "01:05:00"],
    ["keepSessionIdSecure", "FALSE", false],
  ])('asp session %s="%s" means %s', (name, written, value) => {
    const { settings } = chainOf(systemWebServer(`<asp><session ${name}="${written}" /></asp>`));
    expect(settings.aspSession).toMatchObject({ [name]: { value, written, origin: "applicationHost.config:1" } });
  });

  test.each([
    ["cookieless", "true", "UseUri"],
    ["cookieless", "false", "UseCookies"],
    ["useHostingIdentity", "False", false],
    ["sqlCommandTimeout", "Infinite", "Infinite"],
    ["sqlConnectionRetryInterval", "120", 120],
    ["cookieSameSite", "-1", "-1"],
  ])('sessionState %s="%s" means %s', (name, written, value) => {
    const { settings } = chainOf(systemWeb(`<sessionState ${name}="${written}" />`));
    expect(settings.sessionState).toMatchObject({ [name]: { value, written } });
  });

  test("a year in InProc is the most; SQLServer takes more", () => {
    expect(problemsOf(systemWeb('<sessionState timeout="525600" />'))).toEqual([]);
    for (const timeout of ["525601", "Infinite"]) {
      expect(problemsOf(systemWeb(`<sessionState mode="StateServer" timeout="${timeout}" />`))[0]?.expected).toContain(
        "For InProc and StateServer modes, the session timeout value cannot be larger than one year.",
      );
      expect(problemsOf(systemWeb(`<sessionState mode="SQLServer" timeout="${timeout}" />`))).toEqual([]);
    }
  });

  test("a queue limit that is no number is ignored, as ASP.NET does, and said so", () => {
    const appSetting = (value: string) =>
      `<configuration><appSettings><add key="aspnet:RequestQueueLimitPerSession" value="${value}" /></appSettings></configuration>`;
    expect(chainOf({ f: appSetting("7") }).settings.load.requestQueueLimitPerSession.value).toBe(7);
    expect(chainOf({ f: appSetting("many") }).settings.load.requestQueueLimitPerSession.value).toBe(50);
    expect(codesOf({ f: appSetting("many") })).toContain("queue-limit-unreadable");
  });

  test("applications that target a framework before 4.7 have no queue limit", () => {
    const limit = (framework: string) =>
      chainOf(systemWeb(`<httpRuntime targetFramework="${framework}" />`)).settings.load.requestQueueLimitPerSession;
    expect(limit("4.6.2")).toEqual({ value: 2_147_483_647, origin: "default" });
    expect(limit("4.7")).toEqual({ value: 50, origin: "default" });
    expect(limit("4.8").value).toBe(50);
  });
});

describe("names and places", () => {
  test("every mistake of a file comes out at once, each at its own attribute", () => {
    const problems = problemsOf(systemWeb('\n<sessionState\n  timout="5"\n  mode="Inproc" />\n<sessionstate />'));
    expect(problems.map((problem) => [problem.line, problem.column])).toEqual([
      [3, 3],
      [4, 3],
      [5, 1],
    ]);
    expect(problems[0]?.mend).toBe("did you mean timeout?");
    expect(problems[1]?.mend).toBe("did you mean InProc? (upper and lower case matter)");
  });

  test("an attribute on its own line has that line as its origin", () => {
    const { settings } = chainOf(systemWeb('<sessionState mode="InProc"\r\n\r\n  timeout="30" />'));
    expect(settings.sessionState.mode.origin).toBe("web.config:1");
    expect(settings.sessionState.timeout.origin).toBe("web.config:3");
  });

  test("comments never count", () => {
    const { settings } = chainOf(systemWeb('<!-- <sessionState mode="Off" /> --><!--<sessionState timeout="0"/>-->'));
    expect(settings.sessionState.mode).toEqual({ value: "InProc", origin: "default" });
  });

  test.each([
    ["<configuration><sessionState /></configuration>", "outside <system.web>"],
    ["<configuration><system.webServer><sessionState /></system.webServer></configuration>", "outside <system.web>"],
    ["<configuration><System.Web><sessionState /></System.Web></configuration>", "<System.Web>"],
    ["<configuration><system.web><sessionState /><sessionState /></system.web></configuration>", "a second time"],
    ["<configuration><system.web><sessionState><provider /></sessionState></system.web></configuration>", "<provider>"],
    ['<configuration><system.webServer><asp max="1" /></system.webServer></configuration>', '"max"'],
    ["<configuration><system.webServer><asp><sesion /></asp></system.webServer></configuration>", "<sesion>"],
    [
      '<configuration><system.web><pages EnableSessionState="true" /></system.web></configuration>',
      "EnableSessionState",
    ],
  ])("%s is refused", (xml, given) => {
    expect(
      problemsOf({ "web.config": xml })
        .map((problem) => problem.given)
        .join(),
    ).toContain(given);
  });

  test("malformed XML is one error with its place", () => {
    const [problem, ...others] = problemsOf({ "web.config": "<configuration>\n <system.web>\n </configuration>" });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ at: "the XML", line: 3 });
    for (const xml of [
      "<a>",
      "<configuration a='1' a='2'/>",
      "<configuration>&nope;</configuration>",
      "<x:configuration/>",
      "<html/>",
    ]) {
      expect(() => chainOf({ f: xml })).toThrow(InputError);
    }
  });

  test("elements nested without end are refused, not followed", () => {
    const xml = `<configuration>${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</configuration>`;
    expect(problemsOf({ f: xml })[0]?.given).toContain("nested more than 256 deep");
  });

  test.each([
    ["sessionState", '<sessionState timeout="7" />', "fragment"],
    ["system.web", '<system.web><sessionState timeout="7" /></system.web>', "fragment"],
    ["location", '<location path="x"><system.web><sessionState timeout="7" /></system.web></location>', "config"],
  ])("a file may begin with <%s>", (_root, xml, kind) => {
    const resolved = chainOf({ "piece.xml": xml });
    expect(resolved.settings.sessionState.timeout.value).toBe(7);
    expect(resolved.kind).toBe(kind);
  });

  test("a transform is read with a warning, what it removes left out", () => {
    const file = (transform: string) => ({
      "web.Release.config": `<configuration xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform"><system.web>
        <sessionState timeout="7" customProvider="elsewhere" mode="Custom" xdt:Transform="${transform}" /></system.web></configuration>`,
    });
    expect(chainOf(file("SetAttributes"))).toMatchObject({
      kind: "xdt",
      settings: { sessionState: { timeout: { value: 7 } } },
    });
    expect(codesOf(file("SetAttributes"))).toContain("transform");
    expect(chainOf(file("Remove")).settings.sessionState.timeout.value).toBe(20);
  });
});

describe("providers", () => {
  const custom = (inner: string, name = "A") =>
    systemWeb(`<sessionState mode="Custom" customProvider="${name}"><providers>${inner}</providers></sessionState>`);

  test("add, remove and clear leave what they leave, and are told as written", () => {
    const { settings } = chainOf(
      custom(
        '<add name="B" type="t"/><clear/><add name="A" type="T, D" host="h"/><add name="C" type="c"/><remove name="c"/>',
      ),
    );
    expect(settings.sessionState.providers).toEqual({
      value: [{ name: "A", type: "T, D", attributes: { host: "h" } }],
      written: "add B, clear, add A, add C, remove c",
      origin: "web.config:1",
    });
  });

  test.each([
    ['<add name="B" type="t"/>', "A"],
    ["", "A"],
    ['<add name="A" type="t"/>', ""],
    ['<add name="A" type="t"/><remove name="A"/>', "A"],
    ['<add name="A" type="t"/><add name="a" type="u"/>', "A"],
    ['<add name="A"/>', "A"],
    ['<add type="t"/>', "A"],
  ])("%s with customProvider %j is refused", (inner, name) => {
    expect(problemsOf(custom(inner, name)).length).toBeGreaterThan(0);
  });

  test("the name of a provider is found whatever its case", () => {
    expect(problemsOf(custom('<add name="redis" type="t"/>', "Redis"))).toEqual([]);
  });
});

describe("what ASP.NET refuses only in the mode that uses it", () => {
  test.each([
    "localhost:42424",
    "tcpip=localhost",
    "TCPIP=localhost:42424",
    "tcpip=localhost:65536",
    "tcpip=höst:42424",
    "tcpip=::1:42424",
    "tcpip=[nonsense]:42424",
  ])("stateConnectionString %s", (text) => {
    expect(problemsOf(systemWeb(`<sessionState mode="StateServer" stateConnectionString="${text}" />`))).toHaveLength(
      1,
    );
    expect(problemsOf(systemWeb(`<sessionState mode="InProc" stateConnectionString="${text}" />`))).toEqual([]);
  });

  test.each(["tcpip=10.0.0.1:1", "tcpip=[::1]:42424", "tcpip=a:0", "registry:HKLM\\Software\\x,y"])(
    "but not %s",
    (text) => {
      expect(problemsOf(systemWeb(`<sessionState mode="StateServer" stateConnectionString="${text}" />`))).toEqual([]);
    },
  );

  test.each([
    "data source=h;Initial Catalog=Mine",
    "data source=h;DATABASE = 'Mine'",
    "data source=h;AttachDbFilename=c:\\x.mdf",
    "no pairs at all",
  ])("sqlConnectionString %s", (text) => {
    expect(problemsOf(systemWeb(`<sessionState mode="SQLServer" sqlConnectionString="${text}" />`))).toHaveLength(1);
    expect(problemsOf(systemWeb(`<sessionState mode="Off" sqlConnectionString="${text}" />`))).toEqual([]);
  });

  test("a database of one's own with allowCustomSqlDatabase, and a connection string by name", () => {
    const inner = '<sessionState mode="SQLServer" sqlConnectionString="Store" ALLOW />';
    const file = (allow: string) => ({
      "web.config": `<configuration><system.web>${inner.replace("ALLOW", allow)}</system.web>
        <connectionStrings><add name="Store" connectionString="server=h;database=Mine" /></connectionStrings></configuration>`,
    });
    expect(problemsOf(file(""))[0]?.given).toContain('"Mine"');
    expect(problemsOf(file('allowCustomSqlDatabase="true"'))).toEqual([]);
  });

  test("partitionResolverType outside StateServer and SQLServer", () => {
    const resolver = (mode: string) =>
      problemsOf(systemWeb(`<sessionState mode="${mode}" partitionResolverType="T, D" />`)).length;
    expect([resolver("InProc"), resolver("StateServer"), resolver("SQLServer"), resolver("Off")]).toEqual([1, 0, 0, 0]);
  });

  test("no password gets into a problem", () => {
    const text = "data source=h;password=hunter2 no pair;database=x";
    const [problem] = problemsOf(systemWeb(`<sessionState mode="SQLServer" sqlConnectionString="${text}; broken" />`));
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });
});
