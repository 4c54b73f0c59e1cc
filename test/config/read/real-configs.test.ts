// Thirty files found in public repositories, against the answers that stand beside them.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSettingsFiles } from "../../../cli/read-settings-files.ts";
import type { Provider, Setting, Settings } from "../../../config/session-settings.ts";
import { writeSettings } from "../../../config/write/write-settings.ts";
import { chainOf } from "./chain-of.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/configs/", import.meta.url));
const there = existsSync(`${folder}INDEX.md`);

interface Answer {
  readonly file: string;
  readonly kind: string;
  readonly sessionState: Readonly<Record<string, string>>;
  readonly aspSession: Readonly<Record<string, string>>;
  readonly enableSessionState?: string;
  readonly providers?: string;
  readonly location: string | null;
}

/** `a=1, b=2` up to a semicolon that begins another statement. */
function pairs(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  return Object.fromEntries(
    text.split(/, (?=[A-Za-z]+=)/).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

function readAnswers(): Answer[] {
  const rows = readFileSync(`${folder}INDEX.md`, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  return rows.map((row) => {
    const [file, , kind, said] = row.replace(/^\| | \|$/g, "").split(" | ") as [string, string, string, string];
    const script = /script sets (\{.*\});/.exec(said)?.[1];
    const fromScript = script === undefined ? undefined : JSON.parse(script);
    const end = "(?:; (?:providers|pages|BOM|section)|$)";
    const find = (start: string) => new RegExp(`${start}(.*?)${end}`).exec(said)?.[1];
    const isSchema = kind === "schema";
    return {
      file: file.replaceAll("`", ""),
      kind,
      sessionState: isSchema ? {} : pairs(find("sessionState: ")),
      aspSession: isSchema ? {} : (fromScript?.aspSession ?? pairs(find("asp session:? "))),
      ...(/pages enableSessionState/.test(said) ? { enableSessionState: find("pages enableSessionState=") } : {}),
      ...(/providers: /.test(said) ? { providers: find("providers: ") } : {}),
      location: fromScript?.location ?? /location "([^"]*)"/.exec(said)?.[1] ?? null,
    };
  });
}

function writtenOf(group: object): Record<string, string> {
  const settings = Object.entries(group as Record<string, Setting<unknown>>).filter(([name]) => name !== "providers");
  return Object.fromEntries(
    settings.flatMap(([name, one]) => (one.written === undefined ? [] : [[name, one.written]])),
  );
}

describe.skipIf(!there)(`files in ${folder} (skipped where that folder is absent)`, () => {
  const answers = there ? readAnswers() : [];

  test("the list of answers was read whole", () => {
    expect(answers).toHaveLength(30);
    expect(answers.flatMap((answer) => Object.keys(answer.sessionState)).length).toBeGreaterThan(40);
  });

  test.each(answers)("$file says what its answer says", async (answer) => {
    const path = folder + answer.file;
    const { settings, kind, location } = await readSettingsFiles([path]);
    expect(kind).toBe(answer.kind);
    expect(location).toBe(answer.location);
    const written = writtenOf(settings.sessionState);
    expect(Object.keys(written).sort()).toEqual(Object.keys(answer.sessionState).sort());
    for (const [name, text] of Object.entries(answer.sessionState)) {
      if (text.endsWith("...")) expect(written[name]).toContain(text.slice(0, -3));
      else expect(written[name]).toBe(text);
    }
    expect(writtenOf(settings.aspSession)).toEqual(answer.aspSession);
    expect(settings.load.enableSessionState.written).toBe(answer.enableSessionState);
    expect(settings.sessionState.providers.written).toBe(answer.providers);
    const names = settings.sessionState.providers.value.map((provider: Provider) => provider.name);
    expect(names).toEqual(Array.from(answer.providers?.matchAll(/add (\w+)/g) ?? [], (match) => match[1]));
  });

  test.each(answers)("every setting written in $file has the line it stands on", async (answer) => {
    const path = folder + answer.file;
    const lines = readFileSync(path, "utf8").split("\n");
    const { settings } = await readSettingsFiles([path]);
    const groups = Object.values(settings).flatMap((group) =>
      Object.entries(group as Record<string, Setting<unknown>>),
    );
    for (const [name, setting] of groups) {
      if (setting.written === undefined) {
        expect(setting.origin).toBe("default");
      } else if (name !== "providers") {
        expect(setting.origin.startsWith(`${path}:`)).toBe(true);
        expect(lines[Number(setting.origin.split(":").at(-1)) - 1]).toContain(setting.written);
      }
    }
  });

  test.each(answers)("$file, written as XML and as AppCmd lines, is read back the same", async ({ file }) => {
    const { unmasked: settings, location } = await readSettingsFiles([folder + file]);
    const values = (of: Settings) =>
      JSON.stringify(of, (key, value) => (key === "origin" || key === "written" ? undefined : value));
    for (const form of ["xml", "appcmd"] as const) {
      const back = chainOf({ back: writeSettings(settings, form, { location, all: true }) });
      expect(values(back.settings)).toBe(values(settings));
    }
  });

  test("the schema files declare the attributes of both session elements", async () => {
    const aspnet = await readSettingsFiles([`${folder}schema-ASPNET.xml`]);
    const sessionState = aspnet.schema?.["system.web/sessionState"] ?? {};
    expect(Object.keys(sessionState)).toHaveLength(16);
    expect(sessionState.mode?.values).toEqual(["Off", "InProc", "StateServer", "SQLServer", "Custom"]);
    expect(sessionState.regenerateExpiredSessionId?.default).toBe("True");
    expect(aspnet.advice.map((one) => one.code)).toContain("schema-timeout-range");
    const iis = await readSettingsFiles([`${folder}schema-IIS.xml`]);
    expect(iis.schema?.["system.webServer/asp/session"]).toMatchObject({
      max: { type: "uint", default: "4294967295" },
      timeout: { default: "00:20:00", range: "0,31536000,60" },
    });
  });
});
