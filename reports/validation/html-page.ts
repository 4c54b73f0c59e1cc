// A validation as one page: how many figures were predicted within their bounds, where each prediction lies beside its measurement, the
// distributions behind the percentiles, and the tables. The same validation gives the same bytes.

import { type ProviderValidation, type Validation, verdictCounts } from "../../metrics/validation/validation.ts";
import { formatNumber } from "../format-number.ts";
import { openDraughtsman } from "../html/charts/plot-svg.ts";
import { csvFile, downloads } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import { environmentFacts } from "../html/repeat-section.ts";
import { withoutSecrets } from "../html/settings-section.ts";
import { folded, htmlTable } from "../html/table.ts";
import { predictionScatters } from "./charts/prediction-scatter.ts";
import { responseCurves } from "./charts/response-curves.ts";
import { validationCsv } from "./validation-csv.ts";
import { stringifyValidation } from "./validation-file.ts";
import {
  answerInWords,
  boundInWords,
  caveatsOf,
  errorInWords,
  judgedKeys,
  percent,
  saturationInWords,
  saysSomething,
  shortNames,
  valuesInWords,
  verdictClasses,
  verdictSigns,
} from "./validation-words.ts";

export async function renderValidationHtml(validation: Validation): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const sections: readonly Section[] = [
      { id: "plot", title: "Prediction against measurement", content: predictionScatters(draughtsman, validation) },
      { id: "errors", title: "Errors by load", content: errorTable(validation) },
      { id: "responses", title: "Response times", content: responseCurves(draughtsman, validation) },
      { id: "figures", title: "Every figure", content: html`${validation.providers.map(figureTables)}` },
      { id: "costs", title: "What the predictions rest on", content: html`${validation.providers.map(costs)}` },
      { id: "repeat", title: "To repeat", content: repeat(validation) },
    ];
    const { misses } = verdictCounts(validation);
    return pageShell({
      title: validation.scenario.name,
      kind: "sessionlab validation",
      verdict: misses === 0 ? "✓ nothing misses" : `✗ ${misses} ${misses === 1 ? "misses" : "miss"}`,
      opening: opening(validation),
      sections,
      madeBy: `sessionlab ${validation.environment.sessionlab}`,
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

function opening(validation: Validation): Markup {
  const { scenario, environment, providers } = validation;
  const verdicts = providers.map((provider) => {
    const counts = verdictCounts({ ...validation, providers: [provider] });
    const level = counts.misses > 0 ? "invalid" : counts["too few to tell"] > 0 ? "doubtful" : "valid";
    const words = answerInWords({ ...validation, complete: provider.failure === null, providers: [provider] });
    const caveats = caveatsOf(provider);
    return html`<li class="${level}"><p><strong>${provider.label}</strong> ${words} <span class="soft">${saturationInWords(provider)}</span></p>${caveats.length === 0 ? null : html`<ul>${caveats.map((said) => html`<li>${said}</li>`)}</ul>`}</li>`;
  });
  return html`<p class="lead">${scenario.description}</p><ul class="verdicts">${verdicts}</ul>
<p class="soft" style="margin-top:14px">The same visitors were sent through the simulation and through a bench over HTTP on ${environment.cpu}, ${environment.cores} cores, ${environment.startedAt.slice(0, 10)}.</p>`;
}

function errorTable({ providers }: Validation): Markup | null {
  const loads = providers.flatMap((provider) => provider.loads);
  const keys = judgedKeys(loads);
  if (keys.length === 0) return null;
  const firstOf = (key: string) => loads.flatMap(({ rows }) => rows).find((row) => row.key === key)!;
  return htmlTable({
    caption: "Error of each prediction, against the measured value; in brackets its bound",
    heads: [
      "",
      ...keys.map((key) => `${shortNames[key] ?? key} (±${boundInWords(firstOf(key)).replaceAll(" ", "\u00a0")})`),
    ] as [string, ...string[]],
    rows: providers.flatMap(({ label, loads: own }) =>
      own.map((load) => ({
        head: html`${label}, ${percent(load.share)}<small>${formatNumber(Math.round(load.requestsPerSecond))} requests/s${load.audit === "valid" ? null : html` <span class="${load.audit === "invalid" ? "bad" : "doubtful-text"}">! ${load.audit}</span>`}</small>`,
        cells: keys.map((key) => {
          const row = load.rows.find((one) => one.key === key);
          return row === undefined
            ? ""
            : html`<span class="met ${verdictClasses[row.verdict]}">${verdictSigns[row.verdict]} ${errorInWords(row)}</span>`;
        }),
      })),
    ),
  });
}

function figureTables({ label, loads }: ProviderValidation): Markup {
  const tables = loads.map((load) => {
    const runs = load.runs === 1 ? "" : `, median of ${load.runsCounted} of ${load.runs} runs`;
    const cap = load.sessionsMax === null ? "" : `, cap ${formatNumber(load.sessionsMax)}`;
    const title = `${label} at ${percent(load.share)}, ${formatNumber(Math.round(load.requestsPerSecond))} requests/s${cap}${runs}`;
    const several = load.rows.some(({ measuredRange }) => measuredRange !== null);
    const table = htmlTable({
      caption: `${title}; other visitors: where 95 of 100 runs with other people of the same kind are predicted; chance: of the measured value, 95 %`,
      heads: ["", "Error", "Bound", "Predicted", "Other visitors", "Measured", ...(several ? ["Runs"] : []), "Chance"],
      rows: load.rows.filter(saysSomething).map((row) => {
        const { predicted, interval, measured, range, noise } = valuesInWords(row);
        return {
          head: row.label,
          cells: [
            html`<span class="met ${verdictClasses[row.verdict]}">${verdictSigns[row.verdict]} ${errorInWords(row)}</span><small>${row.verdict}</small>`,
            boundInWords(row),
            predicted,
            interval,
            measured,
            ...(several ? [range] : []),
            noise,
          ],
        };
      }),
    });
    const findings =
      load.findings.length === 0
        ? null
        : html`<p><strong class="doubtful-text">! ${load.audit}</strong></p><ul>${load.findings.map((finding) => html`<li>${finding}</li>`)}</ul>`;
    return folded(title, html`${findings}${table}`);
  });
  return html`<h3>${label}</h3>${tables}`;
}

function costs({ label, calibration }: ProviderValidation): Markup {
  const { name, from, evidence, machine } = calibration;
  const where =
    machine === null
      ? null
      : html` Measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.measuredOn}.`;
  return html`<h3>${label}</h3><p><strong>${name}</strong> (${from}).${where}</p><p class="soft">${evidence}</p>`;
}

function repeat(validation: Validation): Markup {
  const { environment, seed } = validation;
  const command = withoutSecrets(validation.command);
  const facts = htmlTable({
    caption: "Where and when it was measured",
    heads: ["Environment", ""],
    rows: environmentFacts.map(([head, of]) => ({ head, cells: [of(environment)] })),
  });
  const whole = stringifyValidation({ ...validation, command });
  const file = { name: "validation.json", label: "the validation, whole (JSON)", text: whole };
  return html`<p>Seed ${seed}:</p><pre>${command}</pre>${facts}${downloads(csvFile("validation", validationCsv(validation)), file)}`;
}
