// A chain of configuration files given as texts, resolved as the command line resolves files from disk.

import { settingsAdvice } from "../../../config/advice/settings-advice.ts";
import { InputError, type Problem } from "../../../config/problem.ts";
import { type ResolvedSettings, resolveChain } from "../../../config/read/config-chain.ts";
import type { OpenConfigSource } from "../../../config/read/config-file.ts";
import { readAppcmd } from "../../../config/read/read-appcmd.ts";
import { readXmlConfig } from "../../../config/read/read-xml-config.ts";

export type Texts = Readonly<Record<string, string>>;

/** Files in the order of the keys; keys that begin with `source:` can only be reached by configSource. */
export function chainOf(texts: Texts, location?: string): ResolvedSettings {
  const openSource: OpenConfigSource = (source) => {
    const text = texts[`source:${source}`];
    return text === undefined ? { reason: "is not there" } : { file: source, text };
  };
  const files = Object.entries(texts).filter(([file]) => !file.startsWith("source:"));
  const configs = files.map(([file, text]) =>
    text.trimStart().startsWith("<") ? readXmlConfig(text, file, openSource) : readAppcmd(text, file),
  );
  const resolved = resolveChain(configs, location);
  return { ...resolved, advice: [...resolved.advice, ...settingsAdvice(resolved.settings, resolved.surroundings)] };
}

/** One web.config with this inside `<system.web>`. */
export function systemWeb(inner: string): Texts {
  return { "web.config": `<configuration><system.web>${inner}</system.web></configuration>` };
}

/** One ApplicationHost.config with this inside `<system.webServer>`. */
export function systemWebServer(inner: string): Texts {
  return { "applicationHost.config": `<configuration><system.webServer>${inner}</system.webServer></configuration>` };
}

/** The problems that make the texts unreadable; empty when they are fine. */
export function problemsOf(texts: Texts, location?: string): readonly Problem[] {
  try {
    chainOf(texts, location);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

export function codesOf(texts: Texts, location?: string): string[] {
  return chainOf(texts, location).advice.map((one) => one.code);
}
