// What a file to fit from is, told by how it begins: a result is JSON, everything else is taken for a log.

import { open } from "node:fs/promises";
import { InputError } from "../../config/problem.ts";

export type InputKind = "result" | "log";

/** @returns of what kind all of them are. @throws InputError when they are of both, and for a file that cannot be opened. */
export async function kindOfInputs(files: readonly string[]): Promise<InputKind> {
  const kinds = await Promise.all(files.map(kindOf));
  if (new Set(kinds).size === 1) return kinds[0]!;
  const given = `${files[kinds.indexOf("result")]}, a result, and ${files[kinds.indexOf("log")]}, a log`;
  throw new InputError("Cannot calibrate", [
    { at: "--from", given, expected: "one or the other", mend: "fit each by itself" },
  ]);
}

const HEAD_BYTES = 256;

async function kindOf(file: string): Promise<InputKind> {
  if (file === "-") return "log";
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    const given = `"${file}", ${error.code === "ENOENT" ? "not there" : `not readable (${error.code})`}`;
    const expected = "a result.json, or an access log";
    throw new InputError("Cannot calibrate", [{ at: "--from", given, expected, mend: "check the path" }]);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const text = buffer
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
    return /^\s*[{[]/.test(text) || file.endsWith(".json") ? "result" : "log";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    throw new InputError("Cannot calibrate", [
      { at: "--from", given: `"${file}", a folder`, expected: "a file", mend: "name the result.json in it" },
    ]);
  } finally {
    await handle.close();
  }
}
