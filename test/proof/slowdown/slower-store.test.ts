import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { slowedSource } from "../../../proof/slowdown/slower-store.ts";

const source = readFileSync(path.join(import.meta.dirname, "../../../bench/providers/in-proc.ts"), "utf8");

test("getItem of the store in process, as it is written today, is the only thing that is changed", () => {
  const changed = slowedSource(source, 640).split("\n");
  const added = changed.filter((line) => !source.split("\n").includes(line));
  expect(added).toEqual([
    "    getItem(id) {",
    "      asked ^= 1;",
    "      if (asked === 1) scratch.fill(1);",
    "      return get(id, false);",
    "let asked = 0;",
    "const scratch = new Uint8Array(640);",
  ]);
  const gone = source.split("\n").filter((line) => !changed.includes(line));
  expect(gone).toEqual(["    getItem: (id) => get(id, false),"]);
});

test("a getItem that is written otherwise is not silently left as it was", () => {
  expect(() => slowedSource(source.replace("getItem: (id)", "getItem: (key)"), 1)).toThrow("not written as it was");
});
