// One section element to edits: its attributes by the table, its providers, its locks. Unknown names on the elements that are all
// about sessions are mistakes, as they are for ASP.NET and IIS; other sections are only searched for what matters to load.

import { maskAttribute } from "../connection-strings.ts";
import type { Problem } from "../problem.ts";
import { parseValue, suggestion } from "../setting-values.ts";
import {
  ASP,
  aspAttributes,
  aspElements,
  attributesOf,
  findRule,
  QUEUE_LIMIT_KEY,
  SESSION_STATE,
  settingRules,
} from "../settings-schema.ts";
import { type Advice, type Edit, type Lock, type OpenConfigSource, originOf } from "./config-file.ts";
import { attributeOf, parseXml, type XmlAttribute, type XmlElement } from "./xml-tree.ts";

/** What reading a file brings up besides its edits. */
export interface ReadNotes {
  readonly problems: Problem[];
  readonly advice: Advice[];
  readonly openSource: OpenConfigSource;
}

/** Sections that are looked into. */
export const sectionNames: readonly string[] = [
  ...new Set([...settingRules.map((rule) => rule.section), "connectionStrings"]),
];

const lockNames = ["lockAttributes", "lockAllAttributesExcept", "lockElements", "lockAllElementsExcept", "lockItem"];
const genericNames = [...lockNames, "configSource", "configProtectionProvider", "xmlns"];

/** The edits of one section element; mistakes go to `notes`. */
export function readSection(section: string, written: XmlElement, notes: ReadNotes): Edit[] {
  const element = followConfigSource(written, notes);
  if (element === undefined) return [];
  switch (section) {
    case SESSION_STATE:
      return readSessionState(element, notes);
    case ASP:
      return readAsp(element, notes);
    case "appSettings":
      return readAppSettings(element, notes);
    case "connectionStrings":
      return readConnectionStrings(element);
    case "system.webServer/modules":
      return [...readAttributes(section, "", element, notes), ...readModules(element)];
    default: {
      const strict = section === "system.web/sessionPageState";
      if (strict) refuseUnknown(element, attributesOf(section, ""), notes.problems);
      return [...readAttributes(section, "", element, notes), ...readLocks(section, "", element)];
    }
  }
}

function readSessionState(element: XmlElement, notes: ReadNotes): Edit[] {
  refuseUnknown(element, attributesOf(SESSION_STATE, ""), notes.problems);
  const edits = [...readAttributes(SESSION_STATE, "", element, notes), ...readLocks(SESSION_STATE, "", element)];
  for (const child of element.children) {
    if (child.name === "providers") edits.push(...readProviders(child, notes.problems));
    else notes.problems.push(unknownElement(child, ["providers"]));
  }
  return edits;
}

function readProviders(parent: XmlElement, problems: Problem[]): Edit[] {
  refuseUnknown(parent, [], problems);
  const edits: Edit[] = readLocks(SESSION_STATE, "providers", parent);
  for (const child of parent.children) {
    const { place } = child;
    const name = attributeOf(child, "name");
    if (child.name === "clear") {
      edits.push({ kind: "clear-providers", place });
    } else if (child.name !== "add" && child.name !== "remove") {
      problems.push(unknownElement(child, ["add", "remove", "clear"]));
    } else if (name === undefined || name === "") {
      problems.push(missing(child, "name"));
    } else if (child.name === "remove") {
      edits.push({ kind: "remove-provider", name, place });
    } else {
      const type = attributeOf(child, "type");
      if (type === undefined || type === "") problems.push(missing(child, "type"));
      const own = child.attributes.filter(
        (one) => one.namespace === "" && !["name", "type", ...genericNames].includes(one.name),
      );
      const attributes = Object.fromEntries(own.map((one) => [one.name, one.value]));
      const locked = attributeOf(child, "lockItem")?.toLowerCase() === "true";
      edits.push({ kind: "add-provider", provider: { name, type: type ?? "", attributes }, locked, place });
    }
  }
  return edits;
}

function readAsp(element: XmlElement, notes: ReadNotes): Edit[] {
  const problems = notes.problems;
  for (const attribute of plainAttributes(element)) {
    if (aspAttributes.includes(attribute.name)) continue;
    const home = ["session", "limits"].find((name) => attributesOf(ASP, name).includes(attribute.name));
    const mend = home === undefined ? suggestion(attribute.name, aspAttributes) : `write it on <${home}> inside <asp>`;
    problems.push(unknownAttribute(element, attribute, "an attribute of <asp>", mend));
  }
  const edits = readLocks(ASP, "", element);
  for (const child of element.children) {
    if (!aspElements.includes(child.name)) problems.push(unknownElement(child, aspElements));
    if (child.name !== "session" && child.name !== "limits") continue;
    refuseUnknown(child, attributesOf(ASP, child.name), problems);
    edits.push(...readAttributes(ASP, child.name, child, notes), ...readLocks(ASP, child.name, child));
    for (const inner of child.children) problems.push(unknownElement(inner, []));
  }
  return edits;
}

function readAppSettings(element: XmlElement, notes: ReadNotes): Edit[] {
  const edits: Edit[] = [];
  for (const child of element.children) {
    if (child.name === "add") edits.push(...readAppSetting(child, notes.advice));
    else if (child.name === "clear" || attributeOf(child, "key") === QUEUE_LIMIT_KEY) {
      const rule = findRule("appSettings", "", QUEUE_LIMIT_KEY)!;
      edits.push({ kind: "reset", rule, place: child.place });
    }
  }
  return edits;
}

/** ASP.NET does not refuse a limit it cannot read: it takes the default (int.TryParse in AppSettings.cs). */
function readAppSetting(add: XmlElement, advice: Advice[]): Edit[] {
  const written = attributeOf(add, "value");
  if (attributeOf(add, "key") !== QUEUE_LIMIT_KEY || written === undefined) return [];
  const rule = findRule("appSettings", "", QUEUE_LIMIT_KEY)!;
  const place = add.attributes.find((one) => one.name === "value")!.place;
  const parsed = parseValue(rule.type, written, rule.fallback);
  if (parsed.ok) return [{ kind: "set", rule, value: parsed.value, written, place }];
  advice.push({
    code: "queue-limit-unreadable",
    severity: "warning",
    message: `${QUEUE_LIMIT_KEY} is "${written}", which is no whole number from 0 up: ASP.NET says nothing and takes its default.`,
    origin: originOf(place),
  });
  return [];
}

function readConnectionStrings(element: XmlElement): Edit[] {
  return element.children.flatMap((child) => {
    const name = attributeOf(child, "name");
    const value = attributeOf(child, "connectionString");
    if (child.name !== "add" || name === undefined || value === undefined) return [];
    return [{ kind: "connection-string", name, value, place: child.place } as const];
  });
}

/** The module named Session is what loads and saves session state; a site may put another in its place, or none. */
function readModules(element: XmlElement): Edit[] {
  return element.children.flatMap((child) => {
    if (child.name === "clear") return [{ kind: "session-module", type: "", place: child.place } as const];
    if (attributeOf(child, "name") !== "Session") return [];
    const type = child.name === "remove" ? "" : (attributeOf(child, "type") ?? "");
    return [{ kind: "session-module", type, place: child.place } as const];
  });
}

function readAttributes(section: string, child: string, element: XmlElement, notes: ReadNotes): Edit[] {
  const known = attributesOf(section, child);
  return plainAttributes(element).flatMap((attribute): Edit[] => {
    const { name, value: written, place } = attribute;
    const rule = findRule(section, child, name);
    if (rule === undefined) {
      const meant = known.find((one) => one.toLowerCase() === name.toLowerCase());
      const strict = section === SESSION_STATE || child !== "" || section === "system.web/sessionPageState";
      if (meant !== undefined && !strict) {
        notes.problems.push(unknownAttribute(element, attribute, meant, "upper and lower case matter in names"));
      }
      return [];
    }
    const parsed = parseValue(rule.type, written, rule.fallback);
    if (parsed.ok) return [{ kind: "set", rule, value: parsed.value, written, place }];
    const { expected, mend } = parsed;
    notes.problems.push({
      at: `<${element.name}> ${name}`,
      given: `"${maskAttribute(name, written)}"`,
      expected,
      mend,
      ...place,
    });
    return [];
  });
}

function readLocks(section: string, child: string, element: XmlElement): Edit[] {
  return plainAttributes(element, false).flatMap((attribute): Edit[] => {
    if (!lockNames.includes(attribute.name)) return [];
    const item = attribute.name === "lockItem";
    if (item && attribute.value.trim().toLowerCase() !== "true") return [];
    const lock: Lock = {
      section,
      element: child,
      covers: item ? "item" : attribute.name.includes("Attributes") ? "attributes" : "elements",
      except: attribute.name.includes("Except"),
      names: item ? [] : attribute.value.split(/[,;\s]+/).filter((name) => name !== ""),
    };
    return [{ kind: "lock", lock, place: attribute.place }];
  });
}

/** `configSource` puts the section in a file of its own, below the folder of the file that names it. */
function followConfigSource(element: XmlElement, notes: ReadNotes): XmlElement | undefined {
  const { problems } = notes;
  if (attributeOf(element, "configProtectionProvider") !== undefined) {
    problems.push({
      at: `<${element.name}>`,
      given: "encrypted (configProtectionProvider)",
      expected: "a section in plain text",
      mend: "decrypt a copy with aspnet_regiis -pdf and inspect that",
      ...element.place,
    });
    return undefined;
  }
  const source = element.attributes.find(
    (attribute) => attribute.name === "configSource" && attribute.namespace === "",
  );
  if (source === undefined) return element;
  const wrong = (given: string, expected: string, mend: string) => {
    problems.push({ at: `<${element.name}> configSource`, given, expected, mend, ...source.place });
    return undefined;
  };
  if (plainAttributes(element).length > 0 || element.children.length > 0) {
    return wrong(
      "beside other settings",
      "configSource alone on its element",
      "move the other settings into that file",
    );
  }
  if (/^([a-z]:|[\\/])/i.test(source.value) || source.value.split(/[\\/]/).includes("..")) {
    return wrong(`"${source.value}"`, "a path below the folder of this file", "move the file there");
  }
  const opened = notes.openSource(source.value, source.place.file);
  if ("reason" in opened)
    return wrong(`"${source.value}", which ${opened.reason}`, "a file that can be read", "restore it");
  const root = parseXml(opened.text, opened.file);
  if (root.name === element.name) return root;
  problems.push({
    at: "the root element",
    given: `<${root.name}>`,
    expected: `<${element.name}>, because configSource in ${source.place.file}:${source.place.line} names this file`,
    mend: "put the section itself at the root",
    ...root.place,
  });
  return undefined;
}

/** Attributes that are settings: no namespace, and by default none of those every element may carry. */
function plainAttributes(element: XmlElement, withoutGeneric = true): XmlAttribute[] {
  return element.attributes.filter(
    (one) => one.namespace === "" && !(withoutGeneric && genericNames.includes(one.name)),
  );
}

function refuseUnknown(element: XmlElement, known: readonly string[], problems: Problem[]): void {
  for (const attribute of plainAttributes(element)) {
    if (known.includes(attribute.name)) continue;
    const mend = known.length === 0 ? "leave it out" : suggestion(attribute.name, known);
    problems.push(unknownAttribute(element, attribute, `an attribute of <${element.name}>`, mend));
  }
}

function unknownAttribute(element: XmlElement, attribute: XmlAttribute, expected: string, mend: string): Problem {
  return {
    at: `<${element.name}>`,
    given: `written with the attribute "${attribute.name}"`,
    expected,
    mend,
    ...attribute.place,
  };
}

function unknownElement(element: XmlElement, known: readonly string[]): Problem {
  const expected = known.length === 0 ? "no element here" : known.map((name) => `<${name}>`).join(" or ");
  const mend = known.length === 0 ? "leave it out" : suggestion(element.name, known);
  return { at: "the element", given: `<${element.name}>`, expected, mend, ...element.place };
}

function missing(element: XmlElement, attribute: string): Problem {
  const mend = `write <${element.name} ${attribute}="…">`;
  return {
    at: `<${element.name}> ${attribute}`,
    given: "",
    expected: "a text that is not empty",
    mend,
    ...element.place,
  };
}
