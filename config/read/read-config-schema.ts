// The schema files of IIS (IIS_schema.xml, ASPNET_schema.xml): they set nothing, but say what may be set. What they declare about
// the two session elements is reported, with the points where ASP.NET itself does otherwise.

import { ASP, SESSION_STATE } from "../settings-schema.ts";
import { type Advice, type ConfigFile, originOf, type SchemaAttribute, type SchemaReport } from "./config-file.ts";
import { noServer } from "./read-server-facts.ts";
import { attributeOf, type XmlElement } from "./xml-tree.ts";

/** Reads a `<configSchema>`. Every setting stays at its default. */
export function readConfigSchema(root: XmlElement, file: string): ConfigFile {
  const schema: Record<string, SchemaReport[string]> = {};
  const sections = root.children.filter((child) => child.name === "sectionSchema");
  const sessionState = sections.find((section) => attributeOf(section, "name") === SESSION_STATE);
  const session = sections
    .find((section) => attributeOf(section, "name") === ASP)
    ?.children.find((child) => child.name === "element" && attributeOf(child, "name") === "session");
  if (sessionState !== undefined) schema[SESSION_STATE] = readAttributes(sessionState);
  if (session !== undefined) schema[`${ASP}/session`] = readAttributes(session);
  const advice = differences(schema, root, file);
  return { file, kind: "schema", scopes: [], declarations: [], server: noServer, problems: [], advice, schema };
}

function readAttributes(parent: XmlElement): Record<string, SchemaAttribute> {
  const declared = parent.children.filter((child) => child.name === "attribute");
  return Object.fromEntries(
    declared.map((attribute) => {
      const values = attribute.children
        .filter((child) => child.name === "enum")
        .map((child) => attributeOf(child, "name") ?? "");
      const fallback = attributeOf(attribute, "defaultValue");
      const range = attributeOf(attribute, "validationParameter");
      const report: SchemaAttribute = {
        type: attributeOf(attribute, "type") ?? "",
        ...(fallback === undefined ? {} : { default: fallback }),
        ...(values.length === 0 ? {} : { values }),
        ...(range === undefined ? {} : { range }),
        origin: originOf(attribute.place),
      };
      return [attributeOf(attribute, "name") ?? "", report];
    }),
  );
}

function differences(schema: SchemaReport, root: XmlElement, file: string): Advice[] {
  const advice: Advice[] = [
    {
      code: "schema-file",
      severity: "info",
      message: "This is a schema: it says what may be set and sets nothing, so every setting shown is the default.",
      origin: originOf(root.place),
    },
  ];
  const sessionState = schema[SESSION_STATE];
  const timeout = sessionState?.timeout;
  if (timeout?.range !== undefined) {
    advice.push({
      code: "schema-timeout-range",
      severity: "warning",
      message: `The schema lets sessionState timeout range over "${timeout.range}" and Infinite; ASP.NET takes 1 minute or more, and refuses more than 525600 minutes (one year) in InProc and StateServer.`,
      origin: timeout.origin,
    });
  }
  if (sessionState !== undefined && sessionState.cookieSameSite === undefined) {
    advice.push({
      code: "schema-without-samesite",
      severity: "warning",
      message:
        "The schema has no cookieSameSite: newer ASP.NET reads it (default Lax), but AppCmd and IIS Manager on a server with this schema refuse a file that sets it.",
      origin: file,
    });
  }
  return advice;
}
