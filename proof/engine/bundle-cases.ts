// The program of a run, ours and the rivals' in JavaScript alike, put into one file before anything is measured: then no process pays for
// finding and reading a hundred files of sources.

import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { rolldown } from "rolldown";
import { packageRoot } from "../../cli/package-root.ts";

/** Each is one file already, and one of them cannot be bundled. */
const RIVALS = ["js-simulator", "simjs"];

export interface BundledCases {
  /** Its path. */
  readonly program: string;
  remove(): Promise<void>;
}

/** In a folder of its own among the installed packages, where the program finds what it does not carry with it. */
export async function bundleCases(): Promise<BundledCases> {
  const folder = await mkdtemp(path.join(packageRoot, "node_modules", ".bench-engine-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const input = path.join(import.meta.dirname, "run-case.ts");
    const bundle = await rolldown({ input, platform: "node", external: RIVALS, logLevel: "silent" });
    await bundle.write({ dir: folder, format: "esm", entryFileNames: "run-case.mjs", chunkFileNames: "[name].mjs" });
    await bundle.close();
  } catch (error) {
    await remove();
    throw error;
  }
  return { program: path.join(folder, "run-case.mjs"), remove };
}
