// Configuration files from disk to effective settings, for every command that takes a web.config. The one place that gives config/
// its bytes.

import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { settingsAdvice } from "../config/advice/settings-advice.ts";
import { maskSettings } from "../config/mask-settings.ts";
import { InputError, type Problem } from "../config/problem.ts";
import { type ResolvedSettings, resolveChain } from "../config/read/config-chain.ts";
import type { ConfigFile, OpenConfigSource } from "../config/read/config-file.ts";
import { decodeConfigText } from "../config/read/decode-config-text.ts";
import { looksLikeAppcmd, readAppcmd } from "../config/read/read-appcmd.ts";
import { readXmlConfig } from "../config/read/read-xml-config.ts";
import type { Settings } from "../config/session-settings.ts";

export interface ReadSettingsOptions {
  /** A `<location>` or site; without it the root of the chain, or the one location that has session settings. */
  readonly location?: string;
}

export interface ReadSettings extends ResolvedSettings {
  /** As written, passwords and keys included: for writing back, never for showing or keeping. `settings` has them masked. */
  readonly unmasked: Settings;
}

/** Bytes beyond this are no configuration file; IIS itself stops at 250 KB (maxWebConfigFileSizeInKB). */
const FILE_BYTES_MAX = 16_000_000;

/**
 * @param paths in order of inheritance: machine.config, ApplicationHost.config, root web.config, site, directory; AppCmd scripts too.
 * @returns effective settings with secrets masked, so that no report or result file gets one, and with `advice` complete.
 * @throws InputError with the problems of all files.
 */
export async function readSettingsFiles(
  paths: readonly string[],
  options: ReadSettingsOptions = {},
): Promise<ReadSettings> {
  const problems: Problem[] = [];
  const configs: ConfigFile[] = [];
  for (const path of paths) {
    try {
      configs.push(readOne(path));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) {
    problems.push(...configs.flatMap((config) => config.problems));
    throw new InputError(`Cannot read settings from ${paths.map((path) => `"${path}"`).join(", ")}`, problems);
  }
  const resolved = resolveChain(configs, options.location);
  const { settings: unmasked, surroundings } = resolved;
  const advice = [...resolved.advice, ...settingsAdvice(unmasked, surroundings)];
  return { ...resolved, settings: maskSettings(unmasked), unmasked, advice };
}

function readOne(path: string): ConfigFile {
  const text = decodeConfigText(readBytes(path), path);
  if (text.trimStart().startsWith("<")) return readXmlConfig(text, path, openConfigSource);
  if (looksLikeAppcmd(text)) return readAppcmd(text, path);
  const problem = {
    at: "the file",
    given: "neither XML nor an AppCmd script",
    expected: "a file that begins with < or calls appcmd",
    mend: "give a web.config, ApplicationHost.config or AppCmd script",
    file: path,
    line: 1,
    column: 1,
  };
  throw new InputError(`Cannot read settings from "${path}"`, [problem]);
}

const openConfigSource: OpenConfigSource = (source, fromFile) => {
  const file = join(dirname(fromFile), ...source.split(/[\\/]/));
  try {
    return { file, text: decodeConfigText(readBytes(file), file) };
  } catch (error) {
    if (error instanceof InputError)
      return { reason: error.problems.map((problem) => `is ${problem.given}`).join(", ") };
    throw error;
  }
};

function readBytes(path: string): Uint8Array {
  const refuse = (given: string, mend: string) =>
    new InputError(`Cannot read settings from "${path}"`, [
      { at: "the file", given, expected: "a file that can be read", mend, file: path },
    ]);
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw refuse("a directory", "give the web.config in it");
    if (found.size > FILE_BYTES_MAX) throw refuse(`${found.size} bytes long`, "give a configuration file");
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") throw refuse("not there", "check the path");
    if (code === "EACCES" || code === "EPERM") throw refuse("not readable for this user", "check its permissions");
    throw refuse(`unreadable (${code || String(error)})`, "check the path");
  }
}
