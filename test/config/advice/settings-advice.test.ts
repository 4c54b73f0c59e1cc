import { describe, expect, test } from "vitest";
import { holdsCredentials, maskSecrets } from "../../../config/connection-strings.ts";
import { maskSettings } from "../../../config/mask-settings.ts";
import { chainOf, codesOf, systemWeb, systemWebServer, type Texts } from "../read/chain-of.ts";

const state = (attributes: string, more = "") => systemWeb(`<sessionState ${attributes} />${more}`);
const asp = (attributes: string) => systemWebServer(`<asp><session ${attributes} /></asp>`);

describe("advice", () => {
  test("a site that says nothing about sessions hears nothing", () => {
    expect(
      codesOf(systemWeb('<compilation debug="true" targetFramework="4.8" /><httpRuntime targetFramework="4.8" />')),
    ).toEqual([]);
    expect(codesOf({ "web.config": "<configuration />" })).toEqual([]);
    expect(codesOf(systemWebServer('<asp><session allowSessionState="true" /></asp>'))).toEqual([]);
  });

  test.each<[string, Texts, string[]]>([
    ["InProc", state('mode="InProc"'), ["in-proc-one-process"]],
    [
      "SQLServer",
      state('mode="SQLServer" sqlConnectionString="server=h"'),
      ["sql-agent-job", "session-end-never", "whole-session-serialised"],
    ],
    ["SQLServer by default", state('mode="SQLServer"'), ["sql-connection-default"]],
    ["StateServer by default", state('mode="StateServer"'), ["state-server-default"]],
    [
      "a state service here",
      state('mode="StateServer" stateConnectionString="tcpip=127.0.0.1:42424"'),
      ["state-server-loopback"],
    ],
    [
      "a state service elsewhere",
      state('mode="StateServer" stateConnectionString="tcpip=state1:42424"'),
      ["state-server-remote"],
    ],
    ["a timeout over a day", state('timeout="1441"'), ["timeout-over-a-day"]],
    ["a timeout over a year", state('mode="SQLServer" timeout="525601"'), ["timeout-over-a-year"]],
    ["an infinite timeout", state('mode="SQLServer" timeout="Infinite"'), ["timeout-over-a-year"]],
    ["a retry of whole minutes", state('mode="SQLServer" sqlConnectionRetryInterval="120"'), ["retry-multiple-of-60"]],
    [
      "a retry of more than a minute",
      state('mode="SQLServer" sqlConnectionRetryInterval="90"'),
      ["retry-over-a-minute"],
    ],
    ["compression in process", state('compressionEnabled="true"'), ["compression-unused"]],
    ["a provider out of use", state('customProvider="X"'), ["custom-provider-unused"]],
    ["ids in URLs", state('cookieless="UseUri"'), ["cookieless-UseUri", "regenerate-default-true"]],
    ["detection", state('cookieless="AutoDetect"'), ["cookieless-AutoDetect"]],
    ["ids in URLs that are kept", state('cookieless="true" regenerateExpiredSessionId="false"'), ["regenerate-off"]],
    ["regenerate with cookies", state('regenerateExpiredSessionId="true"'), ["regenerate-without-effect"]],
    ["SameSite=None", state('cookieSameSite="None"'), ["samesite-none-not-secure"]],
    ["a password", state('mode="SQLServer" sqlConnectionString="server=h;pwd=x"'), ["credentials-in-file"]],
    [
      "a short executionTimeout",
      state("", '<httpRuntime executionTimeout="30" />'),
      ["execution-timeout-breaks-locks"],
    ],
    [
      "static files",
      systemWebServer('<modules runAllManagedModulesForAllRequests="true" />'),
      ["static-files-touch-session"],
    ],
    ["no session module", systemWebServer('<modules><remove name="Session" /></modules>'), ["session-module-removed"]],
    ["a cap", asp('max="1000"'), ["cap-counts-stored"]],
    ["a cap without sessions", asp('max="1000" allowSessionState="false"'), ["asp-session-off"]],
    ["insecure ids", asp('keepSessionIdSecure="false"'), ["asp-cookie-not-secure"]],
    ["no time at all", asp('timeout="00:00:00"'), ["asp-timeout-zero"]],
    ["two days", asp('timeout="2.00:00:00"'), ["asp-timeout-over-a-day"]],
    [
      "asp in a site's file",
      {
        "web.config":
          '<configuration><system.webServer><asp><session max="5" /></asp></system.webServer></configuration>',
      },
      ["asp-section-locked"],
    ],
    [
      "sessionState in a location",
      {
        "web.config":
          '<configuration><location path="a"><system.web><sessionState timeout="5" /></system.web></location></configuration>',
      },
      ["below-application"],
    ],
  ])("%s", (_name, texts, codes) => {
    expect(codesOf(texts)).toEqual(expect.arrayContaining(codes));
  });

  test.each<[string, Texts, string]>([
    ["a day is not over a day", state('timeout="1440"'), "timeout-over-a-day"],
    ["a retry of 59 seconds", state('mode="SQLServer" sqlConnectionRetryInterval="59"'), "retry-multiple-of-60"],
    ["no retry", state('mode="SQLServer" sqlConnectionRetryInterval="0"'), "retry-multiple-of-60"],
    ["compression out of process", state('mode="StateServer" compressionEnabled="true"'), "compression-unused"],
    [
      "SameSite=None with TLS",
      state('cookieSameSite="None"', '<httpCookies requireSSL="true" />'),
      "samesite-none-not-secure",
    ],
    [
      "integrated security",
      state('mode="SQLServer" sqlConnectionString="server=h;Integrated Security=SSPI"'),
      "credentials-in-file",
    ],
    ["an empty password", state('sqlConnectionString="server=h;password="'), "credentials-in-file"],
    ["an unlimited cap", asp('max="-1"'), "cap-counts-stored"],
    ["asp in ApplicationHost.config", asp('max="5"'), "asp-section-locked"],
  ])("%s gives no such remark", (_name, texts, code) => {
    expect(codesOf(texts)).not.toContain(code);
  });

  test("a remark stands at the setting it hangs on", () => {
    const { advice } = chainOf(systemWeb('\n<sessionState\n  cookieless="UseUri"\n  timeout="2000" />'));
    expect(advice.find((one) => one.code === "timeout-over-a-day")?.origin).toBe("web.config:4");
    expect(advice.find((one) => one.code === "cookieless-UseUri")?.origin).toBe("web.config:3");
  });

  test("a web garden is told of where its pool serves the site, and InProc or classic sessions live in it", () => {
    const host = `<configuration><system.applicationHost>
      <applicationPools><add name="Garden"><processModel maxProcesses="4" /></add><add name="Plain" /></applicationPools>
      <sites><site name="A"><application path="/" applicationPool="Garden" /></site><site name="B"><application path="/" applicationPool="Plain" /></site></sites>
      </system.applicationHost></configuration>`;
    expect(codesOf({ "applicationHost.config": host }, "A")).toContain("web-garden");
    expect(codesOf({ "applicationHost.config": host }, "B")).not.toContain("web-garden");
  });
});

describe("secrets", () => {
  test.each([
    ["server=h;Password=p w;database=d", "server=h;Password=***;database=d"],
    ['server=h;pwd="a;b";x=1', "server=h;pwd=***;x=1"],
    ["pwd = secret", "pwd = ***"],
    ["host:6380,password=abc,ssl=True", "host:6380,password=***"],
    ["redis://user:pw@host:1", "redis://user:***@host:1"],
    ["redis://:p@sEcret@host:1", "redis://:***@host:1"],
    ["AccountName=a;AccountKey=k==;x=y", "AccountName=a;AccountKey=***;x=y"],
    ["server=h;password=;x=1", "server=h;password=;x=1"],
    ["server=h;Persist Security Info=true", "server=h;Persist Security Info=true"],
    ["tcpip=localhost:42424", "tcpip=localhost:42424"],
  ])("%s is shown as %s", (text, shown) => {
    expect(maskSecrets(text)).toBe(shown);
    expect(holdsCredentials(text)).toBe(text !== shown);
  });

  test("none is left in settings made to be shown", () => {
    const { settings } = chainOf(
      systemWeb(`<sessionState mode="Custom" customProvider="A" sqlConnectionString="server=h;password=hunter2"><providers>
        <add name="A" type="t" accessKey="hunter2" host="h" connectionString="h:1,password=hunter2" /></providers></sessionState>`),
    );
    const shown = maskSettings(settings);
    expect(JSON.stringify(settings)).toContain("hunter2");
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(shown.sessionState.providers.value[0]?.attributes).toMatchObject({ accessKey: "***", host: "h" });
  });
});
