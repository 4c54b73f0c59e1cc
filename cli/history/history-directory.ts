// A history in a plain directory. A file is written whole under another name, then linked to its own, which fails where that is taken.

import { link, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { createInterrupt } from "../interrupt.ts";
import { makeWithParents } from "../write-report.ts";
import type { HistoryStore, StoredFile } from "./history-store.ts";

const FILES_AT_ONCE = 32;

export function directoryStore(dir: string): HistoryStore {
  const placeOf = (file: string) => path.join(dir, file);
  const unfinishedName = (file: string) => placeOf(`${file}.${process.pid}.tmp`);
  return {
    name: `the directory ${dir}`,
    placeOf,
    afterwards: null,
    async read({ orEmpty, onShare }) {
      const names = await jsonFilesOf(dir, orEmpty);
      const files: StoredFile[] = [];
      for (let from = 0; from < names.length; from += FILES_AT_ONCE) {
        const part = names.slice(from, from + FILES_AT_ONCE);
        files.push(
          ...(await Promise.all(part.map(async (name) => ({ name, content: await readText(placeOf(name)) })))),
        );
        onShare?.(files.length / names.length);
      }
      return { files, version: null };
    },
    async append(files) {
      const unfinished: string[] = [];
      const linked: string[] = [];
      const interrupt = createInterrupt(() => {});
      try {
        await makeWithParents(path.resolve(dir));
        for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
          const part = files.slice(from, from + FILES_AT_ONCE);
          interrupt.signal.throwIfAborted();
          unfinished.push(...part.map(({ name }) => unfinishedName(name)));
          await Promise.all(part.map(({ name, content }) => writeFile(unfinishedName(name), content, { flag: "wx" })));
        }
        for (const { name } of files) {
          interrupt.signal.throwIfAborted();
          await putInPlace(unfinishedName(name), placeOf(name));
          linked.push(placeOf(name));
        }
      } catch (error) {
        for (const file of linked) await rm(file, { force: true });
        if (interrupt.signal.aborted) throw interrupted(dir);
        throw cannotAdd(dir, error as NodeJS.ErrnoException);
      } finally {
        for (const file of unfinished) await rm(file, { force: true });
        interrupt.release();
      }
      return true;
    },
  };
}

/** Never in the place of another file. Not all file systems have links; where there are none, nobody is kept out in between. */
async function putInPlace(unfinished: string, file: string): Promise<void> {
  try {
    await link(unfinished, file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw error;
    if (await stat(file).then(Boolean, () => false)) throw Object.assign(new Error("taken"), { code: "EEXIST" });
    await rename(unfinished, file);
  }
}

async function jsonFilesOf(dir: string, orEmpty: boolean): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && orEmpty) return [];
    const given = code === "ENOENT" ? "not there" : code === "ENOTDIR" ? "a file" : `not readable (${code})`;
    const mend = code === "ENOTDIR" ? "name the directory it is in" : "check the path";
    throw new InputError(`Cannot read the history in "${dir}"`, [
      {
        at: "the directory",
        given,
        expected: "a directory of entries, as history add and history import make",
        mend,
        file: dir,
      },
    ]);
  }
}

/** A directory named like an entry reads as a text that is none. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const given = code === "EISDIR" ? "a directory" : `not readable (${code})`;
    const problem = {
      at: "the file",
      given,
      expected: "an entry of a history",
      mend: "move it out of the history",
      file,
    };
    throw new InputError("Cannot read the history", [problem]);
  }
}

/** All of them or none: an interrupt takes back what was there already. */
function interrupted(dir: string): InputError {
  const expected = "to be left to its end";
  return new InputError("Nothing was added", [
    { at: "the work", given: "interrupted", expected, mend: "repeat it", file: dir },
  ]);
}

function cannotAdd(dir: string, error: NodeJS.ErrnoException): Error {
  if (error.code === undefined) return error;
  const given = error.code === "EEXIST" ? "being written by another process" : `not writable (${error.code})`;
  const expected = "a directory that can be written to";
  const mend = error.code === "EEXIST" ? "wait for that one, then repeat" : "check it, or name another";
  return new InputError("Cannot add to the history", [{ at: "the directory", given, expected, mend, file: dir }]);
}
