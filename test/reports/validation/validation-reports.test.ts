// The reports of a validation: that each tells the answer, every error with its verdict, and what speaks against it.

import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { verdictCounts } from "../../../metrics/validation/validation.ts";
import { textWidth } from "../../../reports/text-table.ts";
import { renderValidationHtml } from "../../../reports/validation/html-page.ts";
import { renderValidationMarkdown } from "../../../reports/validation/markdown.ts";
import { renderValidation } from "../../../reports/validation/terminal.ts";
import { validationCsv } from "../../../reports/validation/validation-csv.ts";
import { isValidationText, parseValidation, stringifyValidation } from "../../../reports/validation/validation-file.ts";
import { answerInWords, errorInWords, percent } from "../../../reports/validation/validation-words.ts";
import { cutValidation, hostileValidation, makeValidation } from "./fixture-validation.ts";

const validation = makeValidation();
const plain = { color: false, columns: 120 };

describe("a validation in words", () => {
  test("counts what is judged, and names what is not", () => {
    const { within, misses, "too few to tell": few } = verdictCounts(validation);
    expect(misses).toBeGreaterThan(0);
    expect(few).toBeGreaterThan(0);
    expect(answerInWords(validation)).toBe(
      `${within} of ${within + misses} figures predicted within their bounds; ${misses} miss; ${few} too few events to tell.`,
    );
    expect(answerInWords(cutValidation())).toMatch(/cut short\.$/);
  });

  test("tells a share without a ratio in percentage points", () => {
    const row = validation.providers[0]!.loads[0]!.rows.find(({ key }) => key === "refusedShare")!;
    expect(errorInWords({ ...row, error: null, difference: 0.012 })).toBe("1.2 pp");
    expect(errorInWords({ ...row, error: null, difference: null })).toBe("—");
    expect(percent(0.125)).toBe("12.5 %");
  });
});

describe("a validation on the terminal", () => {
  test("has every error, and says what speaks against it", () => {
    const text = renderValidation(validation, plain);
    for (const { label, loads, notes, calibration } of validation.providers) {
      expect(text).toContain(label);
      for (const said of [...notes, ...calibration.warnings]) expect(text.replace(/\s+/g, " ")).toContain(said);
      for (const load of loads) {
        for (const row of load.rows.filter(({ bound, measured }) => bound !== null && (measured ?? 0) !== 0)) {
          expect(text).toContain(errorInWords(row));
        }
        for (const finding of load.findings) expect(text.replace(/\s+/g, " ")).toContain(finding);
      }
    }
  });

  test("leaves out what is 0 in both worlds everywhere", () => {
    expect(renderValidation(validation, plain)).not.toContain("refused");
  });

  test.each([80, 120, 200])("is no wider than %i columns, but for the command", (columns) => {
    const lines = renderValidation(validation, { color: true, columns }).split("\n");
    const long = lines.filter((line) => textWidth(line) > columns && !line.includes("sessionlab validate"));
    expect(long).toEqual([]);
  });

  test("says the same with colours", () => {
    expect(stripVTControlCharacters(renderValidation(validation, { ...plain, color: true }))).toBe(
      renderValidation(validation, plain),
    );
  });

  test("tells what there is of one that was cut short", () => {
    const text = renderValidation(cutValidation(), plain);
    expect(text).toContain("cut short");
    expect(text).toContain("saturation not found");
    expect(text).toContain("Not all loads were run: Cannot start a store: it is gone.");
  });
});

describe("a validation as Markdown", () => {
  test("is a table with a row for each store and load, and one for its heads", () => {
    const rows = renderValidationMarkdown(validation)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(2 + 16);
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
    expect(rows[0]).toContain("stored ±3 %");
  });

  test("keeps hostile names from becoming markup", () => {
    const text = renderValidationMarkdown(hostileValidation());
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    const cells = (row: string) => row.replaceAll("\\|", "").split("|").length;
    expect(new Set(rows.map(cells)).size).toBe(1);
    expect(text.replace(/^`{4,}$.*^`{4,}$/ms, "")).not.toMatch(/(?<!\\)<c d=/);
  });
});

describe("a validation as a file", () => {
  test("comes back as it was", () => {
    const text = stringifyValidation(validation);
    expect(isValidationText(text)).toBe(true);
    expect(stringifyValidation(parseValidation(text, "v.json"))).toBe(text);
  });

  test("is refused with every mistake", () => {
    expect(() => parseValidation("{}", "v.json")).toThrow(InputError);
    const broken = stringifyValidation(validation)
      .replace('"complete": true', '"complete": "yes"')
      .replace('"seed": 1,', "");
    expect(() => parseValidation(broken, "v.json")).toThrow(/complete.*seed/s);
    expect(() => parseValidation("", "v.json")).toThrow(/empty/);
    expect(isValidationText('{"schema": "sessionlab.run-result/1"}')).toBe(false);
  });

  test("has a line of CSV for each figure", () => {
    const lines = validationCsv(validation).trimEnd().split("\r\n");
    const rows = validation.providers.flatMap(({ loads }) => loads.flatMap((load) => load.rows));
    expect(lines).toHaveLength(1 + rows.length);
  });
});

describe("a validation as a page", () => {
  test("is the same bytes each time", async () => {
    expect(await renderValidationHtml(validation)).toBe(await renderValidationHtml(makeValidation()));
  });

  test("has a panel for each figure that is judged and known, and a chart for each load", async () => {
    const page = await renderValidationHtml(validation);
    expect(page.match(/predicted against measured: /g)).toHaveLength(7);
    expect(page.match(/aria-label="[^"]* requests\/s: p50 predicted/g)).toHaveLength(16);
  });

  test("cannot be broken by names", async () => {
    const page = await renderValidationHtml(hostileValidation());
    expect(page).not.toContain("<c d=");
  });

  test("is made of what there is where nothing was judged", async () => {
    const whole = cutValidation();
    const page = await renderValidationHtml({ ...whole, providers: whole.providers.slice(1) });
    expect(page).not.toContain('id="plot"');
    expect(page).toContain("it is gone");
  });
});
