// An XML configuration file to scopes and edits: web.config, machine.config, ApplicationHost.config, a transform of one, a piece of
// one, or a schema file. Pure: the text comes in, and files that configSource points to come through a function.

import { InputError, type Problem } from "../problem.ts";
import {
  type Advice,
  type ConfigFile,
  type ConfigKind,
  type Edit,
  type OpenConfigSource,
  originOf,
  type Scope,
  type SectionDeclaration,
  type ServerFacts,
} from "./config-file.ts";
import { readConfigSchema } from "./read-config-schema.ts";
import { readServerFacts } from "./read-server-facts.ts";
import { type ReadNotes, readSection, sectionNames } from "./read-session-sections.ts";
import { attributeOf, type Place, parseXml, XDT_NAMESPACE, type XmlElement } from "./xml-tree.ts";

const groupNames = ["system.web", "system.webServer", "system.applicationHost"];
const topSections = ["appSettings", "connectionStrings"];
/** Elements that may stand alone in a sample, and the groups to put around them. */
const fragmentParents: Readonly<Record<string, readonly string[]>> = {
  "system.web": [],
  "system.webServer": [],
  appSettings: [],
  sessionState: ["system.web"],
  sessionPageState: ["system.web"],
  pages: ["system.web"],
  httpRuntime: ["system.web"],
  asp: ["system.webServer"],
  session: ["system.webServer", "asp"],
  limits: ["system.webServer", "asp"],
};

/**
 * @param text the decoded file (decodeConfigText).
 * @throws InputError for text that is not well-formed or not a configuration; mistakes inside a configuration come back in
 *   `problems`, so that a chain of files can report all of them at once.
 */
export function readXmlConfig(text: string, file: string, openSource: OpenConfigSource): ConfigFile {
  const root = parseXml(text, file);
  if (root.name === "configSchema") return readConfigSchema(root, file);
  const { kind, configuration } = frame(root, file);
  const notes: ReadNotes = { problems: [], advice: [], openSource };
  const scopes: Scope[] = [];
  const declarations: SectionDeclaration[] = [];
  readLevel(configuration, "", undefined, { notes, scopes, declarations });
  if (kind === "xdt") notes.advice.push(transformAdvice(root));
  const server: ServerFacts = readServerFacts(configuration, notes.problems);
  return { file, kind, scopes, declarations, server, problems: notes.problems, advice: notes.advice };
}

interface Reading {
  readonly notes: ReadNotes;
  readonly scopes: Scope[];
  readonly declarations: SectionDeclaration[];
}

/** One level: `<configuration>` itself, or the inside of a `<location>`. */
function readLevel(parent: XmlElement, path: string, location: XmlElement | undefined, reading: Reading): void {
  const { notes } = reading;
  const edits: Edit[] = [];
  const sections = new Map<string, Place>();
  const read = (section: string, element: XmlElement) => {
    const first = sections.get(section);
    if (first !== undefined) notes.problems.push(twice(section, element, first));
    sections.set(section, element.place);
    edits.push(...readSection(section, element, notes));
  };
  for (const child of parent.children) {
    if (isRemoved(child)) continue;
    const misspelt = misspeltName(child, [...groupNames, ...topSections, "location", "configSections"]);
    if (misspelt !== undefined) notes.problems.push(misspelt);
    if (child.name === "sessionState") notes.problems.push(misplaced(child));
    if (topSections.includes(child.name)) read(child.name, child);
    if (child.name === "system.web" || child.name === "system.webServer") {
      for (const inner of child.children) {
        if (isRemoved(inner)) continue;
        const section = `${child.name}/${inner.name}`;
        if (sectionNames.includes(section)) read(section, inner);
        else checkName(child.name, inner, notes.problems);
      }
    }
    if (location === undefined && child.name === "configSections") readDeclarations(child, "", reading.declarations);
  }
  const rules = location === undefined ? inheritedRules : locationRules(location, notes.problems);
  reading.scopes.push({ path, place: (location ?? parent).place, ...rules, edits, sections });
  if (location !== undefined) return;
  for (const child of parent.children) {
    if (child.name === "location" && !isRemoved(child)) readLevel(child, locationPath(child), child, reading);
  }
}

const inheritedRules = { overrideMode: "Inherit", inheritInChildApplications: true } as const;

function locationPath(location: XmlElement): string {
  const path = (attributeOf(location, "path") ?? "")
    .trim()
    .replaceAll("\\", "/")
    .replace(/^\/+|\/+$/g, "");
  return path === "." ? "" : path;
}

function locationRules(
  location: XmlElement,
  problems: Problem[],
): Pick<Scope, "overrideMode" | "inheritInChildApplications"> {
  const allow = flag(location, "allowOverride", problems);
  const inherit = flag(location, "inheritInChildApplications", problems);
  const written = attributeOf(location, "overrideMode");
  if (written !== undefined && !["Inherit", "Allow", "Deny"].includes(written)) {
    problems.push({
      at: "<location> overrideMode",
      given: `"${written}"`,
      expected: "Inherit, Allow or Deny",
      mend: "leave it out to inherit",
      ...location.place,
    });
  }
  const overrideMode =
    written === "Allow" || written === "Deny" ? written : allow === undefined ? "Inherit" : allow ? "Allow" : "Deny";
  return { overrideMode, inheritInChildApplications: inherit ?? true };
}

function flag(element: XmlElement, name: string, problems: Problem[]): boolean | undefined {
  const written = attributeOf(element, name)?.trim().toLowerCase();
  if (written === undefined || written === "true" || written === "false")
    return written === undefined ? undefined : written === "true";
  const at = `<${element.name}> ${name}`;
  problems.push({
    at,
    given: `"${written}"`,
    expected: "true or false",
    mend: "leave it out to get true",
    ...element.place,
  });
  return undefined;
}

function readDeclarations(parent: XmlElement, group: string, into: SectionDeclaration[]): void {
  for (const child of parent.children) {
    const name = attributeOf(child, "name") ?? "";
    const section = group === "" ? name : `${group}/${name}`;
    if (child.name === "sectionGroup") readDeclarations(child, section, into);
    if (child.name !== "section") continue;
    const mode = attributeOf(child, "overrideModeDefault");
    const denied = mode === undefined ? attributeOf(child, "allowOverride") === "false" : mode === "Deny";
    const allowDefinition = attributeOf(child, "allowDefinition") ?? "";
    into.push({ section, overrideModeDefault: denied ? "Deny" : "Allow", allowDefinition, place: child.place });
  }
}

/** The kind of file, and its content in a `<configuration>`. */
function frame(root: XmlElement, file: string): { kind: ConfigKind; configuration: XmlElement } {
  const isTransform = uses(root, XDT_NAMESPACE);
  if (root.name === "configuration") return { kind: isTransform ? "xdt" : "config", configuration: root };
  const wrap = (name: string, child: XmlElement) => ({ name, attributes: [], children: [child], place: child.place });
  // A <location> says itself where it applies, so it is a whole configuration in all but its outer tag.
  if (root.name === "location") return { kind: "config", configuration: wrap("configuration", root) };
  const parents = Object.hasOwn(fragmentParents, root.name) ? fragmentParents[root.name] : undefined;
  if (parents !== undefined) {
    const configuration = ["configuration", ...parents].reduceRight((child, name) => wrap(name, child), root);
    return { kind: "fragment", configuration };
  }
  throw new InputError(`Cannot read settings from "${file}"`, [
    {
      at: "the root element",
      given: `<${root.name}>`,
      expected: `<configuration>, <configSchema>, <location> or one of ${Object.keys(fragmentParents).join(", ")}`,
      mend: "give a web.config, ApplicationHost.config or a piece of one",
      ...root.place,
    },
  ]);
}

function uses(element: XmlElement, namespace: string): boolean {
  return (
    element.attributes.some((attribute) => attribute.namespace === namespace) ||
    element.children.some((child) => uses(child, namespace))
  );
}

/** A transform that removes an element sets nothing with it. */
function isRemoved(element: XmlElement): boolean {
  const transform = element.attributes.find(
    (one) => one.namespace === XDT_NAMESPACE && one.name.endsWith(":Transform"),
  );
  return transform !== undefined && /^Remove(All)?$/.test(transform.value);
}

function transformAdvice(root: XmlElement): Advice {
  return {
    code: "transform",
    severity: "warning",
    message:
      "This file is a transform (xdt): it is read as if it were the finished file, and its xdt: attributes are ignored. Apply it to its base and inspect the outcome to see what will hold.",
    origin: originOf(root.place),
  };
}

/** Section names are case-sensitive; .NET calls the others unrecognized. */
function misspeltName(element: XmlElement, names: readonly string[]): Problem | undefined {
  const meant = names.find((name) => name !== element.name && name.toLowerCase() === element.name.toLowerCase());
  if (meant === undefined) return undefined;
  return {
    at: "the element",
    given: `<${element.name}>`,
    expected: `<${meant}>`,
    mend: "upper and lower case matter in names",
    ...element.place,
  };
}

function checkName(group: string, element: XmlElement, problems: Problem[]): void {
  const inGroup = sectionNames
    .filter((name) => name.startsWith(`${group}/`))
    .map((name) => name.slice(group.length + 1));
  const misspelt = misspeltName(element, inGroup);
  if (misspelt !== undefined) problems.push(misspelt);
  else if (element.name === "sessionState") problems.push(misplaced(element));
}

function misplaced(element: XmlElement): Problem {
  return {
    at: "<sessionState>",
    given: "outside <system.web>",
    expected: "<sessionState> inside <system.web>",
    mend: "move it there; ASP.NET does not look for it elsewhere",
    ...element.place,
  };
}

function twice(section: string, element: XmlElement, first: Place): Problem {
  return {
    at: `<${element.name}>`,
    given: `there a second time (first in line ${first.line})`,
    expected: `${section} once in a file or location`,
    mend: "merge the two into one",
    ...element.place,
  };
}
