// What it takes to run the same again, and the machine it ran on.

import type { Environment, RunResult } from "../../metrics/run-result.ts";
import { formatDuration, formatFigure, formatNumber, UNKNOWN } from "../format-number.ts";
import { sampleSizeNote } from "../percentiles.ts";
import { cutShort } from "../verdict.ts";
import { html, type Markup } from "./markup.ts";
import { withoutSecrets } from "./settings-section.ts";
import { htmlTable } from "./table.ts";

export function repeatSection(results: readonly RunResult[]): Markup {
  const commands = new Map<string, RunResult[]>();
  for (const result of results) {
    const key = `${result.seed} ${result.command}`;
    commands.set(key, [...(commands.get(key) ?? []), result]);
  }
  return html`${[...commands.values()].map((group) => {
    const [{ command, seed }] = group as [RunResult];
    return html`<p>${group.map((result) => result.label).join("; ")} (seed ${seed}):</p><pre>${withoutSecrets(command)}</pre>`;
  })}`;
}

/** What is told of the machine and the programs that a run was made with. */
export const environmentFacts: readonly (readonly [string, (environment: Environment) => string])[] = [
  ["started", ({ startedAt }) => startedAt.replace(/^(.{10})T(.{5}).*Z$/, "$1 $2 UTC")],
  ["took", ({ wallSeconds }) => formatDuration(wallSeconds * 1000)],
  ["sessionlab", ({ sessionlab }) => sessionlab],
  ["commit", ({ commit }) => commit?.slice(0, 12) ?? UNKNOWN],
  ["Node", ({ node }) => node],
  ["platform", ({ platform }) => platform],
  ["CPU", ({ cpu }) => cpu],
  ["cores", ({ cores }) => formatNumber(cores)],
  ["memory", ({ memoryBytes }) => formatFigure(memoryBytes, "bytes")],
];

export function environmentTable(results: readonly RunResult[]): Markup {
  return htmlTable({
    caption: "Where and when each run was made",
    heads: ["Environment", ...results.map((result) => result.label)],
    rows: environmentFacts.map(([head, of]) => ({ head, cells: results.map((result) => of(result.environment)) })),
  });
}

/** Everything a careful reader should hold against the figures, in one place; null where there is nothing. */
export function warningList(results: readonly RunResult[]): Markup | null {
  const note = sampleSizeNote(results);
  const warnings = [
    ...results.flatMap((result) => {
      const cut = cutShort(result);
      const { measured, name } = result.scenario.calibration;
      return [
        ...result.audit.findings,
        ...(cut === null ? [] : [`The run was ${cut}; its figures cover what was seen.`]),
        ...(measured || result.kind === "measured" ? [] : [`The costs of "${name}" are assumed, not measured.`]),
      ].map((text) => html`<li><strong>${result.label}</strong>: ${text}</li>`);
    }),
    ...(note === null ? [] : [html`<li>${note}</li>`]),
  ];
  return warnings.length === 0 ? null : html`<ul>${warnings}</ul>`;
}
