// A validation as a table for a README: a row a provider and load, a column a figure, its error in each; where and when below it.

import { machineOf } from "../../metrics/compare/machine.ts";
import type { Validation } from "../../metrics/validation/validation.ts";
import { formatNumber, UNKNOWN } from "../format-number.ts";
import { escapeMarkdown, fenced, tableOf } from "../markdown.ts";
import {
  answerInWords,
  boundInWords,
  caveatsOf,
  errorInWords,
  judgedKeys,
  percent,
  shortNames,
  verdictSigns,
} from "./validation-words.ts";

export function renderValidationMarkdown(validation: Validation): string {
  const { scenario, environment, providers, command } = validation;
  const when = `${environment.startedAt.slice(0, 10)}, ${machineOf(environment)}, Node ${environment.node}`;
  const calibrations = providers.map(({ label, calibration }) => `${label}: ${calibration.name} (${calibration.from})`);
  const caveats = providers.flatMap((provider) => caveatsOf(provider).map((said) => `${provider.label}: ${said}`));
  const blocks = [
    `### ${escapeMarkdown(scenario.name)}: ${escapeMarkdown(answerInWords(validation))}`,
    table(validation),
    `${escapeMarkdown(`Errors of prediction against measurement, the same visitors in both worlds; ✓ within the bound, ✗ beyond it, ? too few events to tell, ! the measured run is doubtful. ${when}. Costs: ${calibrations.join("; ")}.`)}`,
    caveats.map((said) => `- ${escapeMarkdown(said)}`).join("\n"),
    fenced(command),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function table({ providers }: Validation): string {
  const loads = providers.flatMap((provider) => provider.loads);
  const keys = judgedKeys(loads);
  if (keys.length === 0) return "";
  const firstOf = (key: string) => loads.flatMap(({ rows }) => rows).find((row) => row.key === key)!;
  const heads = keys.map((key) => `${shortNames[key] ?? key} ±${boundInWords(firstOf(key))}`);
  const rows = providers.flatMap(({ label, loads: own }) =>
    own.map((load) => ({
      head: `${label}, ${percent(load.share)}${load.audit === "valid" ? "" : " !"}`,
      cells: [
        formatNumber(Math.round(load.requestsPerSecond)),
        ...keys.map((key) => {
          const row = load.rows.find((one) => one.key === key);
          return row === undefined ? UNKNOWN : `${verdictSigns[row.verdict]} ${errorInWords(row)}`;
        }),
      ],
    })),
  );
  return tableOf(["Store, share of saturation", "load/s", ...heads], rows);
}
