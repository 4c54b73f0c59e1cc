import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { batchLine, quoteArgument, readBatch } from "../../../config/read/batch-line.ts";
import { chainOf, codesOf, problemsOf } from "./chain-of.ts";

const settingsOf = (lines: string, location?: string) => chainOf({ "set.cmd": lines }, location).settings;

describe("AppCmd lines", () => {
  test.each([
    'appcmd.exe set config "Default Web Site" -section:system.webServer/asp /session.max:"1000" /commit:apphost',
    'appcmd set config "Default Web Site" /section:system.webServer/asp -session.max:1000 /commit:apphost',
    '%windir%\\system32\\inetsrv\\appcmd.exe set config "Default Web Site" /section:asp /session.max:1000 /commit:apphost',
    '@"C:\\Program Files\\IIS Express\\appcmd.exe" set config "MACHINE/WEBROOT/APPHOST/Default Web Site" -section:asp /session.max:1000 /commit:apphost',
    'call appcmd SET CONFIG "Default Web Site/" ^\r\n  -section:asp ^\r\n  /session.max:1000 /commit:apphost >nul 2>&1',
  ])("%s sets max for the site", (line) => {
    const resolved = chainOf({ "set.cmd": line });
    expect(resolved.location).toBe("Default Web Site");
    expect(resolved.settings.aspSession.max).toMatchObject({ value: 1000, written: "1000", origin: "set.cmd:1" });
    expect(resolved.advice.map((one) => one.code)).not.toContain("appcmd-commit");
  });

  test("remarks, labels and other commands are no settings; what is left out is said", () => {
    const lines = [
      "@echo off",
      "REM appcmd set config /section:asp /session.max:1",
      ":: appcmd set config /section:asp /session.max:2",
      "appcmd set config /section:asp /session.max:3 & appcmd unlock config /section:asp",
      "robocopy a b",
    ].join("\r\n");
    expect(settingsOf(lines).aspSession.max).toMatchObject({ value: 3, origin: "set.cmd:4" });
    expect(codesOf({ "set.cmd": lines })).toEqual(expect.arrayContaining(["command-skipped", "line-skipped"]));
  });

  test("several sites are several locations, and later lines win", () => {
    const lines = ["A 1", "B 2", "a 3"]
      .map((pair) => pair.split(" "))
      .map(([site, max]) => `appcmd set config "${site}" /section:asp /session.max:${max} /commit:apphost`)
      .join("\n");
    expect(chainOf({ "set.cmd": lines }).location).toBeNull();
    expect(settingsOf(lines, "A").aspSession.max).toMatchObject({ value: 3, origin: "set.cmd:3" });
    expect(settingsOf(lines, "B").aspSession.max.value).toBe(2);
  });

  test("sessionState takes time spans as clocks and as whole units", () => {
    const { sessionState, load } = settingsOf(
      [
        "appcmd set config /section:sessionState /mode:SQLServer /timeout:01:30:00 /stateNetworkTimeout:00:00:25",
        "appcmd set config -section:system.web/sessionState /sqlCommandTimeout:45",
        "appcmd set config -section:system.web/pages /enableSessionState:ReadOnly",
        "appcmd set config -section:appSettings /+\"[key='aspnet:RequestQueueLimitPerSession',value='9']\"",
        "appcmd set config -section:modules /runAllManagedModulesForAllRequests:True",
      ].join("\n"),
    );
    expect(sessionState.timeout).toMatchObject({ value: 90, written: "01:30:00" });
    expect([sessionState.stateNetworkTimeout.value, sessionState.sqlCommandTimeout.value]).toEqual([25, 45]);
    expect([load.enableSessionState.value, load.requestQueueLimitPerSession.value]).toEqual(["ReadOnly", 9]);
    expect(load.runAllManagedModulesForAllRequests.value).toBe(true);
  });

  test("providers are added, changed and removed by selector", () => {
    const lines = [
      "appcmd set config /section:sessionState /+\"providers.[name='A',type='T, D',host='h']\" /mode:Custom /customProvider:A",
      "appcmd set config /section:sessionState /+\"providers.[name='B',type='b']\"",
      "appcmd set config /section:sessionState \"/providers.[name='A'].host:it's here\"",
      "appcmd set config /section:sessionState /[name='A'].type:New",
      "appcmd set config /section:sessionState /-\"providers.[name='B']\"",
    ].join("\n");
    expect(settingsOf(lines).sessionState.providers.value).toEqual([
      { name: "A", type: "New", attributes: { host: "it's here" } },
    ]);
  });

  test("the old form without session. is read with a warning that has the mend", () => {
    const lines = "appcmd set config /section:asp /allowSessionState: False";
    expect(settingsOf(lines).aspSession.allowSessionState.value).toBe(false);
    const remark = chainOf({ "set.cmd": lines }).advice.find((one) => one.code === "appcmd-old-form");
    expect(remark).toMatchObject({ severity: "warning", origin: "set.cmd:1" });
    expect(remark?.message).toContain('/session.allowSessionState:"False"');
  });

  test("asp set for a site without /commit:apphost goes to a locked section", () => {
    expect(codesOf({ "set.cmd": 'appcmd set config "S" /section:asp /session.max:5' })).toContain("appcmd-commit");
  });

  test.each([
    ["/section:asp /session.max:-2", '"-2"'],
    ["/section:asp /session.timeout:00:10:30", '"00:10:30"'],
    ["/section:asp /session.maxx:2", "no attribute of the section"],
    ["/section:sessionState /mode:inproc", '"inproc"'],
    ["/section:sessionState /timeout:00:00:30", '"00:00:30"'],
    ["/section:sessionState /Timeout:5", "no attribute of the section"],
    ["/section:sessionState /timeout:%MINUTES%", "a variable of the machine"],
    ["/section:sessionState /nonsense", "/nonsense"],
    ["/section:sessionState /+\"providers.[name='A']\"", "/+providers"],
    ["/section:sessionState /[name='A'].type:x", 'without "A"'],
    ["/session.max:5", "without -section"],
  ])("set config %s is refused", (options, given) => {
    const problems = problemsOf({ "set.cmd": `rem\nappcmd set config ${options}` });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.given).toContain(given);
    expect(problems[0]?.line).toBe(2);
  });

  test("a script without AppCmd is no settings", () => {
    expect(() => chainOf({ "set.cmd": "rem appcmd\necho hello" })).toThrow(InputError);
  });
});

describe("arguments through cmd.exe and the C runtime", () => {
  test.each([
    ["plain", "plain"],
    ['"two words"', "two words"],
    ['a"b c"d', "ab cd"],
    ['"a\\"b"', 'a"b'],
    ['"ends in \\\\"', "ends in \\"],
    ['"c:\\x y"', "c:\\x y"],
    ['"a""b"', 'a"b'],
    ["50%%", "50%"],
    ["a^&b", "a&b"],
    ['"a&b^c"', "a&b^c"],
  ])("%s reaches the program as %s", (line, argument) => {
    expect(readBatch(line)[0]?.arguments.map((one) => one.text)).toEqual([argument]);
  });

  test("whatever is quoted comes back, with every character that either parser treats specially", () => {
    const special = fc.constantFrom(..."\"\\%&|<>^()!'=,; \té€😀x".match(/./gsu)!);
    const text = fc.string({ unit: fc.oneof(special, fc.string({ minLength: 1, maxLength: 1 })), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        fc.pre(values.every((value) => !/[\r\n]/.test(value)));
        const line = batchLine(["program", ...values.map((value) => quoteArgument("/name:", value))]);
        const commands = readBatch(line);
        expect(commands).toHaveLength(1);
        expect(commands[0]!.arguments.slice(1).map((one) => one.text)).toEqual(values.map((value) => `/name:${value}`));
        expect(commands[0]!.arguments.some((one) => one.hasVariable)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
