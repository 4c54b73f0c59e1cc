// Settings as a batch file of AppCmd lines, one setting a line as in the IIS samples. Read back, it gives the same settings.

import { maskSecrets } from "../connection-strings.ts";
import { BATCH_LINE_MAX, batchLine, quoteArgument } from "../read/batch-line.ts";
import type { Provider } from "../session-settings.ts";
import { belongsToHost, cannotWrite, type SectionToWrite, spanClock } from "./settings-to-write.ts";

export function writeAppcmd(sections: readonly SectionToWrite[], location: string | null): string {
  const lines = sections.flatMap((section) =>
    optionsOf(section).map((option) => line(section.section, location, option)),
  );
  // Beyond ASCII the code page decides what cmd.exe reads.
  const codePage = lines.some((text) => !isAscii(text)) ? ["chcp 65001 >nul"] : [];
  return [...codePage, ...lines].map((text) => `${text}\n`).join("");
}

function line(section: string, location: string | null, option: string): string {
  const target = location === null ? [] : [quoteArgument("", location)];
  // Without a site, ASP.NET's sections go to the root web.config and those of IIS to ApplicationHost.config.
  const commit = belongsToHost(section) ? ["/commit:apphost"] : location === null ? ["/commit:webroot"] : [];
  const text = batchLine(["appcmd.exe", "set", "config", ...target, `-section:${section}`, option, ...commit]);
  if (/[\r\n]/.test(text)) {
    throw cannotWrite(
      "AppCmd",
      `-section:${section}`,
      `a text with a line break: ${maskSecrets(JSON.stringify(option))}`,
      "write XML instead",
    );
  }
  if (text.length > BATCH_LINE_MAX) {
    throw cannotWrite(
      "AppCmd",
      `-section:${section}`,
      `a line of ${text.length} characters`,
      `shorten it to ${BATCH_LINE_MAX}, or write XML`,
    );
  }
  return text;
}

function optionsOf(section: SectionToWrite): string[] {
  const options = section.settings.map((one) => {
    const { element, attribute } = one.rule;
    if (section.section === "appSettings") return quoteArgument("/+", `[key='${attribute}',value='${one.text}']`);
    return quoteArgument(`/${element === "" ? "" : `${element}.`}${attribute}:`, spanClock(one) ?? one.text);
  });
  return [...options, ...section.providers.flatMap(providerOptions)];
}

/** Texts with an apostrophe do not fit into `[name='…']`; those of attributes go into an option of their own. */
function providerOptions(provider: Provider): string[] {
  for (const text of [provider.name, provider.type]) {
    if (text.includes("'"))
      throw cannotWrite("AppCmd", "<providers>", `${text}, with an apostrophe`, "write XML instead");
  }
  const attributes = Object.entries(provider.attributes);
  const pairs = [
    ["name", provider.name],
    ["type", provider.type],
    ...attributes.filter(([, value]) => !value.includes("'")),
  ];
  const body = pairs.map(([name, value]) => `${name}='${value}'`).join(",");
  return [
    quoteArgument("/+", `providers.[${body}]`),
    ...attributes
      .filter(([, value]) => value.includes("'"))
      .map(([name, value]) => quoteArgument("/", `providers.[name='${provider.name}'].${name}:${value}`)),
  ];
}

function isAscii(text: string): boolean {
  return Array.from(text).every((character) => character.codePointAt(0)! < 128);
}
