// Finds the package of an express-session store: first where the user works, then among our own. Packages are CommonJS or ES
// modules, and may let themselves be imported in one way only.

import { readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../../../config/problem.ts";
import { codeOf, messageOf } from "../foreign-error.ts";

export interface FoundModule {
  readonly name: string;
  /** Of its package.json; null where it has none. */
  readonly version: string | null;
  /** What it exports, by name; "default" is module.exports of CommonJS. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * @param folder where the user works.
 * @throws InputError when it is not installed, or fails while it is loaded.
 */
export async function findModule(name: string, folder: string): Promise<FoundModule> {
  const found = locate(name, path.join(folder, "package.json")) ?? locate(name, import.meta.filename);
  if (found === undefined) {
    throw new InputError("Cannot open the store", [
      {
        at: "store.module",
        given: `"${name}"`,
        expected: `a package that is installed in ${folder}`,
        mend: `npm install ${name}`,
      },
    ]);
  }
  try {
    const exports = (await import(pathToFileURL(found.file).href)) as Record<string, unknown>;
    return { name, version: found.version, exports };
  } catch (error) {
    throw new InputError("Cannot open the store", [
      {
        at: "store.module",
        given: `"${name}"`,
        expected: `a package that loads; it says: ${messageOf(error)}`,
        mend: codeOf(error).includes("MODULE_NOT_FOUND")
          ? "install what it needs beside it"
          : "mend or update the package",
        file: found.file,
      },
    ]);
  }
}

interface Located {
  readonly file: string;
  readonly version: string | null;
}

function locate(name: string, from: string): Located | undefined {
  try {
    const description = findPackageJSON(name, from);
    const manifest = description === undefined ? {} : (JSON.parse(readFileSync(description, "utf8")) as Manifest);
    const version = manifest.version ?? null;
    try {
      return { file: createRequire(from).resolve(name), version };
    } catch (error) {
      // A package of ES modules only may have no door for require.
      const entry = codeOf(error) === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? importEntry(manifest.exports) : undefined;
      return description === undefined || entry === undefined
        ? undefined
        : { file: path.join(path.dirname(description), entry), version };
    }
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly version?: string;
  readonly exports?: unknown;
}

/** The file behind the main door of an ES module, by the conditions that Node looks at. */
function importEntry(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const doors = exports as Record<string, unknown>;
  const condition = [".", "node", "import", "module-sync", "default"].find((key) => key in doors);
  return condition === undefined ? undefined : importEntry(doors[condition]);
}
