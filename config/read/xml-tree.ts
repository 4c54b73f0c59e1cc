// XML to a tree that remembers where every element and attribute stands, so that a setting can be traced to its line.
// Comments, text and processing instructions are left out: none of them configures anything.

import { SaxesParser } from "saxes";
import { InputError } from "../problem.ts";

/** A spot in a file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface XmlAttribute {
  /** As written, prefix and all. */
  readonly name: string;
  /** Namespace of the prefix; empty for a plain name. */
  readonly namespace: string;
  /** With entities resolved and white space normalised, as any XML reader gives it. */
  readonly value: string;
  readonly place: Place;
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly place: Place;
}

/** No configuration nests deeper; it keeps readers that recurse away from the end of the stack. */
const DEPTH_MAX = 256;

export const XDT_NAMESPACE = "http://schemas.microsoft.com/XML-Document-Transform";

/**
 * The root element of a document.
 * @throws InputError with the place of the first mistake when the text is not well-formed.
 */
export function parseXml(text: string, file: string): XmlElement {
  const lineStarts = startsOfLines(text);
  const placeAt = (offset: number): Place => {
    const line = lineOf(offset, lineStarts);
    return { file, line: line + 1, column: offset - lineStarts[line]! + 1 };
  };
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: (XmlElement & { children: XmlElement[] })[] = [];
  let root: XmlElement | undefined;
  let tagOffset = 0;

  parser.on("error", (error) => {
    throw notWellFormed(file, parser.line, parser.columnIndex + 1, error.message);
  });
  parser.on("opentagstart", () => {
    tagOffset = text.lastIndexOf("<", parser.position - 1);
    if (open.length >= DEPTH_MAX) {
      throw notWellFormed(file, parser.line, parser.columnIndex + 1, `elements nested more than ${DEPTH_MAX} deep`);
    }
  });
  parser.on("opentag", (tag) => {
    const offsets = attributeOffsets(text.slice(tagOffset, parser.position));
    const attributes = Object.values(tag.attributes).map((attribute) => ({
      name: attribute.name,
      namespace: attribute.prefix === "" ? "" : attribute.uri,
      value: attribute.value,
      place: placeAt(tagOffset + (offsets.get(attribute.name) ?? 0)),
    }));
    const element = { name: tag.name, attributes, children: [], place: placeAt(tagOffset) };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(text).close();
  if (root === undefined) throw notWellFormed(file, 1, 1, "document must contain a root element.");
  return root;
}

/** Value of a plain attribute, or undefined. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Where each attribute of a well-formed start tag begins, by name. */
function attributeOffsets(tag: string): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const match of tag.matchAll(/([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)) offsets.set(match[1]!, match.index);
  return offsets;
}

/** Index of the last line that starts at or before an offset. */
function lineOf(offset: number, lineStarts: readonly number[]): number {
  let [low, high] = [0, lineStarts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function startsOfLines(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
}

function notWellFormed(file: string, line: number, column: number, message: string): InputError {
  // saxes opens its messages with line:column, which stand in front of the problem already.
  const given = message.replace(/^(\d+:)*\d+:\s*/, "").replace(/\.$/, "");
  return new InputError(`Cannot read settings from "${file}"`, [
    {
      at: "the XML",
      given: `not well-formed (${given})`,
      expected: "well-formed XML",
      mend: "close every element and quote every attribute",
      file,
      line,
      column,
    },
  ]);
}
