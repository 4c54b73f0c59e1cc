import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CommanderError } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inspectCommand } from "../../cli/inspect.ts";
import { readSettingsFiles } from "../../cli/read-settings-files.ts";
import { InputError } from "../../config/problem.ts";

const folder = mkdtempSync(join(tmpdir(), "sessionlab-inspect-"));
const at = (name: string) => join(folder, name);
const web = (attributes: string) =>
  `<configuration><system.web><sessionState ${attributes} /></system.web></configuration>`;
const asp = (attributes: string) =>
  `<configuration><system.webServer><asp><session ${attributes} /></asp></system.webServer></configuration>`;

beforeAll(() => {
  mkdirSync(at("sub"));
  const files = {
    "good.config": `<configuration>\n<system.web>\n<sessionState mode="SQLServer" timeout="60"\n  sqlConnectionString="server=h;user id=u;password=hunter2" />\n</system.web>\n</configuration>`,
    "unlimited.config": asp('max="-1" timeout="00:10:00" allowSessionState="True"'),
    "malformed.config": '<configuration><system.web><sessionState mode="InProc"></system.web></configuration>',
    "mode.config": web('mode="Inproc"'),
    "zero.config": web('timeout="0"'),
    "negative.config": web('timeout="-5"'),
    "year.config": web('timeout="525601"'),
    "max.config": asp('max="-2"'),
    "grain.config": asp('timeout="00:10:30"'),
    "empty.config": "",
    "binary.config": Buffer.from([0x4d, 0x5a, 0x90, 0x00, 0x03, 0x00]),
    "text.config": "just some text",
    "source.config":
      '<configuration><system.web><sessionState configSource="sub\\state.config" /></system.web></configuration>',
    "sub/state.config": '<sessionState timeout="33" />',
    "lost.config":
      '<configuration><system.web><sessionState configSource="gone.config" /></system.web></configuration>',
    "sites.config": `<configuration><location path="A">${"<system.webServer><asp><session max='1' /></asp></system.webServer>"}</location>
      <location path="B"><system.webServer><asp><session max='2' /></asp></system.webServer></location></configuration>`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Standard output of the command, run in this process. */
async function inspect(...words: string[]): Promise<string> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  try {
    const command = inspectCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    await command.parseAsync(words, { from: "user" });
  } finally {
    write.mockRestore();
  }
  return out;
}

describe("inspect --json", () => {
  test("gives value, written and origin of every attribute", async () => {
    const json = JSON.parse(await inspect("--json", at("good.config")));
    expect(Object.keys(json)).toEqual([
      "files",
      "kind",
      "location",
      "sessionState",
      "aspSession",
      "load",
      "locations",
      "warnings",
    ]);
    expect(Object.keys(json.sessionState)).toHaveLength(18);
    expect(json.sessionState.timeout).toEqual({ value: 60, written: "60", origin: `${at("good.config")}:3` });
    expect(json.sessionState.cookieName).toEqual({ value: "ASP.NET_SessionId", origin: "default" });
    expect(json.sessionState.sqlConnectionString.origin).toBe(`${at("good.config")}:4`);
    expect(json.warnings.map((one: { code: string }) => one.code)).toContain("sql-agent-job");
  });

  test('max="-1" is unlimited, and booleans are booleans', async () => {
    const { aspSession } = JSON.parse(await inspect("--json", at("unlimited.config")));
    expect(aspSession.max).toMatchObject({ value: 4_294_967_295, written: "-1" });
    expect(aspSession.allowSessionState).toMatchObject({ value: true, written: "True" });
    expect(aspSession.timeout).toMatchObject({ value: "00:10:00", written: "00:10:00" });
  });

  test("configSource is followed from the folder of the file", async () => {
    const { sessionState } = JSON.parse(await inspect("--json", at("source.config")));
    expect(sessionState.timeout).toEqual({ value: 33, written: "33", origin: `${at("sub/state.config")}:1` });
  });

  test("--location chooses", async () => {
    const max = async (...words: string[]) =>
      JSON.parse(await inspect("--json", at("sites.config"), ...words)).aspSession.max.value;
    expect([await max("--location", "A"), await max("--location", "B"), await max()]).toEqual([1, 2, 4_294_967_295]);
  });
});

describe("inspect", () => {
  test("prints a table with origins, defaults marked as such, and remarks", async () => {
    const out = await inspect(at("good.config"));
    expect(out).toMatch(new RegExp(`timeout +60 +${at("good.config")}:3`));
    expect(out).toMatch(/cookieless +UseCookies +\(default\)/);
    expect(out).toContain("ASPState_Job_DeleteExpiredSessions");
  });

  test("shows no password, in text or JSON, and writes it where the file needs it", async () => {
    expect(await inspect(at("good.config"))).not.toContain("hunter2");
    expect(await inspect("--json", at("good.config"))).not.toContain("hunter2");
    expect(await inspect("--emit", "xml", at("good.config"))).toContain("password=hunter2");
  });

  test("--emit gives a file that inspect reads as the same settings", async () => {
    const values = async (path: string) => {
      const { settings } = await readSettingsFiles([path]);
      return JSON.stringify(settings, (key, value) => (key === "origin" || key === "written" ? undefined : value));
    };
    for (const [form, name] of [
      ["xml", "back.config"],
      ["appcmd", "back.cmd"],
    ] as const) {
      writeFileSync(at(name), await inspect("--emit", form, at("good.config")));
      expect(await values(at(name))).toBe(await values(at("good.config")));
    }
  });

  test.each([
    ["malformed.config", "not well-formed"],
    ["mode.config", '<sessionState> mode is "Inproc"'],
    ["zero.config", '<sessionState> timeout is "0"'],
    ["negative.config", '<sessionState> timeout is "-5"'],
    ["year.config", '<sessionState> timeout is "525601" in mode InProc'],
    ["max.config", '<session> max is "-2"'],
    ["grain.config", '<session> timeout is "00:10:30"'],
    ["sub", "a directory"],
    ["empty.config", "empty"],
    ["binary.config", "binary"],
    ["missing.config", "not there"],
    ["text.config", "neither XML nor an AppCmd script"],
    ["lost.config", "gone.config"],
  ])("%s is refused with one clear error", async (name, given) => {
    const error = await inspect("--json", at(name)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toHaveLength(1);
    expect((error as InputError).message).toContain(given);
    expect((error as InputError).message).toContain(at(name));
  });

  test("mistakes in several files come out together", async () => {
    const error = await inspect(at("zero.config"), at("missing.config"), at("empty.config")).catch(
      (caught: unknown) => caught,
    );
    expect((error as InputError).problems.map((problem) => problem.file)).toEqual([
      at("missing.config"),
      at("empty.config"),
      at("zero.config"),
    ]);
  });

  test("an unknown form, and --json beside --emit, are refused", async () => {
    await expect(inspect("--emit", "cobol", at("good.config"))).rejects.toBeInstanceOf(CommanderError);
    await expect(inspect("--json", "--emit", "xml", at("good.config"))).rejects.toBeInstanceOf(CommanderError);
  });

  test("wrong input ends the program with exit code 2 and nothing on standard output", async () => {
    const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
    const run = promisify(execFile)(process.execPath, [main, "inspect", at("mode.config")]);
    await expect(run).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("did you mean InProc?"),
    });
  });
});
