// XML that cannot be broken by data. Characters that XML 1.0 has no way to write become U+FFFD.

export type XmlAttributes = Readonly<Record<string, string | number>>;

/** An element on lines of its own, children set in; text content is escaped. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlElement[] | string;
}

export function element(name: string, attributes: XmlAttributes, children: XmlElement["children"] = []): XmlElement {
  return { name, attributes, children };
}

export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, "")}\n`;
}

function written({ name, attributes, children }: XmlElement, indent: string): string {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`);
  const start = `${indent}<${name}${head.join("")}`;
  if (children.length === 0) return `${start}/>`;
  if (typeof children === "string") return `${start}>${escapeXml(children)}</${name}>`;
  return `${start}>\n${children.map((child) => written(child, `${indent}  `)).join("\n")}\n${indent}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** An attribute would lose its line breaks and tabs. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/[\t\n]/g, reference);
}

function escapeXml(text: string): string {
  return writable(text)
    .replace(/[&<>"]/g, (letter) => entities[letter]!)
    .replaceAll("\r", reference);
}

/** The text without what no XML can hold, escaped or not. */
export function writable(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

function reference(letter: string): string {
  return `&#${letter.charCodeAt(0)};`;
}
