// A calibration as the file that a scenario names: YAML that a person reads, each part under a line that says what it is, with the
// interval of what was measured beside it.

import { Document, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { Calibration } from "../../config/scenario.ts";

const LINE_MAX = 120;
/** More digits than anybody has measured. */
const DIGITS = 6;

const keyOrder: readonly (keyof Calibration)[] = [
  "name",
  "provider",
  "measured",
  "evidence",
  "machine",
  "requestCpuMs",
  "waking",
  "pageCpuFactor",
  "clientRoundTripMs",
  "networkRoundTripMs",
  "storeConcurrency",
  "operations",
  "memory",
  "intervals",
];

const remarks: Partial<Readonly<Record<keyof Calibration, string>>> = {
  requestCpuMs: "Milliseconds of a web core that a request takes beside its page and its store calls.",
  waking:
    "Milliseconds that a request takes more, the longer its worker had none: cpuMsMax x (1 - e^(-pause/afterMs)).",
  pageCpuFactor: "What a millisecond of a page's own processor time takes here.",
  clientRoundTripMs: "Milliseconds of a response time that are no work of the site's.",
  networkRoundTripMs: "Milliseconds between site and store, there and back.",
  storeConcurrency: "Calls the store works on at one time.",
  operations:
    "What a store call takes: milliseconds of a web core, and milliseconds at the store, with what each KiB adds.",
  memory: "Bytes of the store: to begin with, for each session, and for each byte of its state.",
  intervals: "95 % intervals of what was measured.",
};

/** Numbers to six digits, as they stand in the file: whoever computes with the calibration at once has what a reader of the file has. */
export function roundedCalibration(calibration: Calibration): Calibration {
  return rounded(calibration);
}

function rounded<T>(value: T): T {
  if (typeof value === "number") return Number(value.toPrecision(DIGITS)) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T;
}

/** @param command how the file was made, for its head; secrets in it are masked already. */
export function calibrationDocument(calibration: Calibration, command: string): string {
  const present = keyOrder.filter((key) => calibration[key] !== undefined);
  const document = new Document(Object.fromEntries(present.map((key) => [key, calibration[key]])));
  document.commentBefore = ` What sessions cost, made by: ${command.replace(/\s+/g, " ")}`;
  if (!isMap(document.contents)) throw new Error("a calibration is a map");
  for (const pair of document.contents.items) layOut(pair as Pair);
  return numbersInRows(document.toString({ lineWidth: LINE_MAX }));
}

/** A long list of numbers comes one a line; a page of them says less than a few rows. */
function numbersInRows(text: string): string {
  return text.replace(/(?:^ +[\d.e+-]+,?\n){2,}/gm, (list) => {
    const indent = /^ */.exec(list)![0];
    const rows: string[] = [];
    for (const number of list.trim().split(/\s+/)) {
      const last = rows.at(-1);
      if (last !== undefined && last.length + number.length < LINE_MAX) rows[rows.length - 1] = `${last} ${number}`;
      else rows.push(`${indent}${number}`);
    }
    return `${rows.join("\n")}\n`;
  });
}

function layOut({ key, value }: Pair): void {
  if (!isScalar(key)) return;
  const remark = remarks[key.value as keyof Calibration];
  if (remark !== undefined) {
    key.commentBefore = ` ${remark}`;
    key.spaceBefore = true;
  }
  flowInner(value as Node, key.value === "operations" ? 1 : 0);
}

/** Laws, costs and intervals on a line of their own each; the lists that hold them go downwards. */
function flowInner(node: Node, depth: number): void {
  if (isSeq(node)) node.flow = true;
  if (!isMap(node)) return;
  const plain = node.items.every(({ value }) => isScalar(value));
  const law = node.items.some(({ key }) => isScalar(key) && key.value === "kind");
  if (law || (plain && depth > 0)) node.flow = true;
  for (const { value } of node.items) flowInner(value as Node, depth + 1);
}
