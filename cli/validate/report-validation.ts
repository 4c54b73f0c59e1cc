// sessionlab report validation.json: a validation rendered again.

import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { renderValidationMarkdown } from "../../reports/validation/markdown.ts";
import { renderValidation } from "../../reports/validation/terminal.ts";
import { parseValidation, stringifyValidation } from "../../reports/validation/validation-file.ts";
import { terminal } from "../terminal.ts";
import { writeFiles } from "../write-report.ts";
import { validationExitCode } from "./validation-exit-code.ts";
import { validationPage } from "./validation-report.ts";

export interface ReportValidationOptions {
  readonly out?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** @returns the exit code. @throws InputError for a file that is no validation, and for a format that it has not. */
export async function reportValidation(text: string, file: string, options: ReportValidationOptions): Promise<number> {
  const validation = parseValidation(text, file);
  const { out } = options;
  const format = options.json === true ? "json" : options.format;
  if (format === "markdown") await give("validation.md", renderValidationMarkdown(validation), out);
  else if (format === "json") await give("validation.json", stringifyValidation(validation), out);
  else if (format === "html" || format === undefined) {
    if (format === undefined) process.stdout.write(`${renderValidation(validation, terminal())}\n`);
    const paths = await writeFiles([await validationPage(validation)], out ?? path.join(path.dirname(file), path.sep));
    process.stdout.write(`${paths[0]}\n`);
  } else if (format === "terminal" || format === "text") {
    process.stdout.write(
      renderValidation(validation, format === "text" ? { ...terminal(), color: false } : terminal()),
    );
  } else {
    const expected = "html, terminal, text, markdown or json";
    throw new InputError("Cannot report", [
      { at: "--format", given: `${format}, of a validation`, expected, mend: "choose one of them" },
    ]);
  }
  return validationExitCode(validation);
}

async function give(name: string, text: string, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(text);
  else process.stdout.write(`${(await writeFiles([{ name, text }], out)).join("\n")}\n`);
}
