// What a package.json says that matters to a comparison. One that is broken or not there says nothing; npm will tell.

import { readFileSync } from "node:fs";
import path from "node:path";

export interface Manifest {
  readonly name?: unknown;
  readonly scripts?: { readonly build?: unknown };
  readonly workspaces?: unknown;
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly devDependencies?: object;
}

export function manifestOf(folder: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(textOf(path.join(folder, "package.json")) ?? "{}");
    return typeof manifest === "object" && manifest !== null ? manifest : {};
  } catch {
    return {};
  }
}

/** null where it cannot be read. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
