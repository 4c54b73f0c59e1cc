// The store in process made slower on purpose: at every second call its getItem first fills a buffer that nobody reads. That is done by
// the engine's own code, so that it takes the same time whether the compiler has got round to getItem or not; at every second call,
// because filling even one byte takes almost a tenth of a getItem.

const GET_ITEM = "    getItem: (id) => get(id, false),\n";

/** @param source of bench/providers/in-proc.ts. @param bytes to be filled. */
export function slowedSource(source: string, bytes: number): string {
  if (source.split(GET_ITEM).length !== 2) throw new Error("getItem of the store in process is not written as it was");
  const slowed =
    "    getItem(id) {\n      asked ^= 1;\n      if (asked === 1) scratch.fill(1);\n      return get(id, false);\n    },\n";
  return `${source.replace(GET_ITEM, slowed)}\nlet asked = 0;\nconst scratch = new Uint8Array(${bytes});\n`;
}
