// Where this program itself stands, from the sources as from the built package: the nearest folder above with a package.json.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

function findRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) {
    const above = path.dirname(folder);
    if (above === folder) throw new Error("sessionlab stands in no package");
    folder = above;
  }
  return folder;
}

export const packageRoot = findRoot();

export const packageVersion: string = JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8")).version;
