// `sessionlab inspect`: what holds for a site, where each value comes from, and what a specialist would say to it.

import { styleText } from "node:util";
import { Command, Option } from "commander";
import type { Advice, SchemaReport } from "../config/read/config-file.ts";
import type { Provider, Setting, Settings } from "../config/session-settings.ts";
import { type EmitForm, emitForms, writeSettings } from "../config/write/write-settings.ts";
import { wrap } from "../reports/text-table.ts";
import { type ReadSettings, readSettingsFiles } from "./read-settings-files.ts";

interface InspectOptions {
  readonly location?: string;
  readonly json?: boolean;
  readonly emit?: EmitForm;
  readonly all?: boolean;
}

/** Throws InputError for files that cannot be read or that IIS or ASP.NET would refuse. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .summary("effective session settings of configuration files, with their origins")
    .description(
      "Prints the effective value of every session setting, the file and line it comes from, and what to watch out for.\n" +
        "Give the files in order of inheritance: machine.config, ApplicationHost.config, root web.config, site, directory.",
    )
    .argument("<files...>", "web.config and its parents, pieces of them, schema files, or AppCmd scripts")
    .option("--location <path>", 'settings of one <location> or site, such as "Default Web Site/shop"')
    .addOption(new Option("--json", "machine-readable, on standard output").conflicts("emit"))
    .addOption(new Option("--emit <form>", "write the settings in another form instead").choices([...emitForms]))
    .option("--all", "with --emit: defaults too, not only what was written")
    .addHelpText(
      "after",
      `
XML and AppCmd lines are read and written; the other forms are only written.
Passwords and keys are shown as ***; --emit writes them whole, for the file to work.
Without --location the root of the files is shown, unless only one location says anything about sessions.
Exit code 2 when a file cannot be read, or holds what IIS or ASP.NET would refuse.

Examples:
  sessionlab inspect web.config
  sessionlab inspect applicationHost.config web.config --location "Default Web Site"
  sessionlab inspect --json web.config | jq .sessionState.timeout
  sessionlab inspect --emit appcmd web.config > apply.cmd`,
    )
    .action(async (files: string[], options: InspectOptions) => {
      const resolved = await readSettingsFiles(files, options);
      if (options.emit !== undefined) remarkOnWhatIsLeftOut(resolved.advice);
      process.stdout.write(output(resolved, options));
    });
}

function output(resolved: ReadSettings, options: InspectOptions): string {
  if (options.emit !== undefined) {
    return writeSettings(resolved.unmasked, options.emit, { location: resolved.location, all: options.all === true });
  }
  return options.json === true ? `${JSON.stringify(asJson(resolved), null, 2)}\n` : asText(resolved);
}

/** Who asks for another form sees no warnings with it, but should know when it is not the whole of the files. */
function remarkOnWhatIsLeftOut(advice: readonly Advice[]): void {
  const telling = advice.filter(({ code }) => ["transform", "location-taken", "other-location"].includes(code));
  for (const { message, origin } of telling) process.stderr.write(`${origin}: ${message}\n`);
}

function asJson(resolved: ReadSettings): object {
  const { files, kind, location, locations, schema } = resolved;
  const { sessionState, aspSession, load } = resolved.settings;
  const settings = { sessionState, aspSession, load };
  return {
    files,
    kind,
    location,
    ...settings,
    locations,
    ...(schema === undefined ? {} : { schema }),
    warnings: resolved.advice,
  };
}

function asText(resolved: ReadSettings): string {
  const settings = resolved.settings;
  const place = resolved.location === null ? "" : `, location "${resolved.location}"`;
  const lines = [
    ...table("system.web/sessionState", settings.sessionState),
    ...table("system.webServer/asp/session", settings.aspSession),
    ...table("What else decides about load", settings.load),
    ...schemaLines(resolved.schema ?? {}),
    ...warningLines(resolved.advice),
  ];
  return `${[styleText("bold", `Session settings of ${resolved.files.join(", ")}${place}`), ...lines].join("\n")}\n`;
}

function table(title: string, group: Settings[keyof Settings]): string[] {
  const rows = Object.entries(group as Record<string, Setting<unknown>>).map(([name, setting]) => ({
    name,
    value: valueText(setting),
    origin: setting.origin,
  }));
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  // A long connection string must not push every other origin off the screen.
  const valueWidth = Math.min(48, Math.max(...rows.map((row) => row.value.length)));
  const lines = rows.map(({ name, value, origin }) => {
    const start = `  ${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  `;
    return origin === "default" ? styleText("dim", `${start}(default)`) : `${start}${origin}`;
  });
  return ["", styleText("bold", title), ...lines];
}

function schemaLines(schema: SchemaReport): string[] {
  return Object.entries(schema).flatMap(([section, attributes]) => {
    const nameWidth = Math.max(...Object.keys(attributes).map((name) => name.length));
    const lines = Object.entries(attributes).map(([name, { type, default: fallback, values, range, origin }]) => {
      const facts = [type, values?.join("|"), fallback && `default ${fallback}`, range && `range ${range}`];
      return `  ${name.padEnd(nameWidth)}  ${facts.filter(Boolean).join(", ")}  ${origin}`;
    });
    return ["", styleText("bold", `The schema declares for ${section}`), ...lines];
  });
}

function valueText(setting: Setting<unknown>): string {
  const { value, written } = setting;
  if (Array.isArray(value)) return value.length === 0 ? "none" : (value as Provider[]).map(providerText).join("; ");
  const text = value === "" ? '""' : String(value);
  return written === undefined || written === String(value) ? text : `${text} (written "${written}")`;
}

function providerText(provider: Provider): string {
  const attributes = Object.entries(provider.attributes).map(([name, value]) => `, ${name}="${value}"`);
  return `${provider.name} (${provider.type}${attributes.join("")})`;
}

function warningLines(advice: readonly Advice[]): string[] {
  if (advice.length === 0) return [];
  const columns = Math.max(60, Math.min(process.stdout.columns ?? 100, 120));
  const lines = advice.flatMap(({ severity, message, origin }) => {
    const mark = severity === "warning" ? styleText("yellow", "warning") : styleText("cyan", "note   ");
    const [first, ...rest] = wrap(`${message} [${origin}]`, columns - 11, 0);
    return [`  ${mark}  ${first}`, ...rest.map((line) => `           ${line}`)];
  });
  return ["", styleText("bold", "To watch out for"), ...lines];
}
