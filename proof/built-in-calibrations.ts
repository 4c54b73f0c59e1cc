// npm run calibrations -- FILES: puts what `sessionlab calibrate` measured in the place of the built-in calibrations of the same
// providers, config/calibrations/PROVIDER.ts, and lists all of them in the index there.

import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { roundedCalibration } from "../cli/calibrate/calibration-document.ts";
import { readInput } from "../cli/load-scenario.ts";
import { packageRoot } from "../cli/package-root.ts";
import { parseCalibration } from "../config/calibration.ts";
import { InputError, type Problem } from "../config/problem.ts";
import type { Calibration, StoreProvider } from "../config/scenario.ts";
import { runCommand } from "./run-command.ts";

const folder = path.join(packageRoot, "config", "calibrations");
/** Those that have no stand-in. */
const needed: readonly StoreProvider[] = ["in-proc", "state-server", "postgresql", "redis"];

await runCommand(
  new Command("calibrations")
    .description("makes calibrations, as sessionlab calibrate writes them, the built-in ones of their providers")
    .argument("<files...>", "calibrations: YAML or JSON")
    .addHelpText("after", "\nExamples:\n  npm run calibrations -- in-proc.json redis.calibration.yaml")
    .action(async (files: readonly string[]) => {
      const calibrations = await readCalibrations(files);
      const written = calibrations.map(writeBuiltIn);
      written.push(writeIndex());
      execFileSync(path.join(packageRoot, "node_modules", ".bin", "biome"), ["check", "--write", ...written], {
        cwd: packageRoot,
        stdio: ["ignore", "ignore", "inherit"],
      });
      for (const file of written) process.stdout.write(`${path.relative(packageRoot, file)}\n`);
    }),
);

type Owned = Calibration & { readonly provider: StoreProvider; readonly machine: NonNullable<Calibration["machine"]> };

/** All or none of them. @throws InputError */
async function readCalibrations(files: readonly string[]): Promise<readonly Owned[]> {
  const problems: Problem[] = [];
  const calibrations: Owned[] = [];
  for (const file of files) {
    const parsed = parseCalibration(await readInput(file, `Cannot read calibration "${file}"`), file);
    problems.push(...parsed.problems);
    if (parsed.value === null) continue;
    const { measured, provider, machine } = parsed.value;
    const problem = { file, mend: "measure it: sessionlab calibrate --provider PROVIDER" };
    if (!measured) problems.push({ ...problem, at: "measured", given: "false", expected: "true" });
    if (provider === undefined || machine === undefined) {
      const at = provider === undefined ? "provider" : "machine";
      problems.push({ ...problem, at, given: "left out", expected: "whose costs they are, and on which machine" });
    } else if (calibrations.some((one) => one.provider === provider)) {
      problems.push({ file, at: "provider", given: `${provider}, again`, expected: "one each", mend: "leave one out" });
    } else calibrations.push({ ...parsed.value, provider, machine });
  }
  if (problems.length > 0) throw new InputError("Cannot take the calibrations", problems);
  return calibrations;
}

/** @returns the file. */
function writeBuiltIn(calibration: Owned): string {
  const { provider, machine } = calibration;
  const name = `built-in ${calibration.name.replace(/^built-in /, "")}`;
  const file = path.join(folder, `${provider}.ts`);
  writeFileSync(
    file,
    `// What sessions cost in ${machine.store ?? "process"}, measured on ${machine.measuredOn} on ${machine.cpu}, ${machine.cores} cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const ${exportOf(provider)}: Calibration = ${JSON.stringify({ ...roundedCalibration(calibration), name })};
`,
  );
  return file;
}

/** @returns the file. */
function writeIndex(): string {
  const present = readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .map((name) => path.basename(name, ".ts"))
    .sort();
  const rows = present.map((provider) => `  ${JSON.stringify(provider)}: ${exportOf(provider)},\n`);
  const file = path.join(folder, "index.ts");
  writeFileSync(
    file,
    `// The calibrations that stand in for those a scenario does not name, by provider. Made by npm run calibrations, not by hand.

import type { Calibration, StoreProvider } from "../scenario.ts";
${present.map((provider) => `import { ${exportOf(provider)} } from "./${provider}.ts";\n`).join("")}
export const builtInCalibrations: Readonly<Partial<Record<StoreProvider, Calibration>>> &
  Readonly<Record<${needed.map((provider) => JSON.stringify(provider)).join(" | ")}, Calibration>> = {
${rows.join("")}};
`,
  );
  return file;
}

function exportOf(provider: string): string {
  return provider.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
