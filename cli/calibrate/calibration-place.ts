// Where a calibration goes. Found out before anything is measured: the place can be written to, and nothing of somebody's is there.

import { stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { expectWritableFolder, writeFiles } from "../write-report.ts";

/**
 * @param out as the user gave it: a file, or a folder that exists or is meant to (a name without an ending).
 * @param name of the file in a folder.
 * @returns the path of the file.
 * @throws InputError when the place cannot be written to, or something is there and `force` is not given.
 */
export async function calibrationPlace(out: string, name: string, force: boolean): Promise<string> {
  const found = await stat(out).catch(() => null);
  const folder = found === null ? !/[^\\/]\.[a-z]\w*$/i.test(out) : found.isDirectory();
  const file = folder ? path.join(out, name) : out;
  await expectWritableFolder(path.dirname(file));
  const there = await stat(file).catch(() => null);
  if (there === null) return file;
  const given = `"${file}", which is there already`;
  if (there.isDirectory()) {
    throw new InputError("Cannot calibrate", [
      { at: "--out", given: `"${file}", a folder`, expected: "a file", mend: "name another" },
    ]);
  }
  if (force) return file;
  throw new InputError("Cannot calibrate", [
    { at: "--out", given, expected: "a file that is not there", mend: "name another, or add --force to replace it" },
  ]);
}

/** Writes the file whole, or not at all. */
export async function writeCalibration(text: string, file: string): Promise<void> {
  await writeFiles([{ name: path.basename(file), text }], file);
}
