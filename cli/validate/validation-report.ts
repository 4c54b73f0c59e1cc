// What a folder holds of a validation.

import type { Validation } from "../../metrics/validation/validation.ts";
import type { ReportFile } from "../../reports/report-file.ts";
import { renderValidationMarkdown } from "../../reports/validation/markdown.ts";
import { stringifyValidation } from "../../reports/validation/validation-file.ts";

/** validation.json, validation.md and, last, validation.html. */
export async function validationFiles(validation: Validation): Promise<readonly ReportFile[]> {
  return [
    { name: "validation.json", text: stringifyValidation(validation) },
    { name: "validation.md", text: renderValidationMarkdown(validation) },
    await validationPage(validation),
  ];
}

export async function validationPage(validation: Validation): Promise<ReportFile> {
  // Charts take half of the time that a command needs to start.
  const { renderValidationHtml } = await import("../../reports/validation/html-page.ts");
  return { name: "validation.html", text: await renderValidationHtml(validation) };
}
