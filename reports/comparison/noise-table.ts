// This machine's noise on the terminal: of each metric how much runs of one program differ, and what can be decided in spite of it.

import { isUndecidable } from "../../metrics/compare/judged.ts";
import { ruleOf } from "../../metrics/compare/metric-rules.ts";
import type { NoiseFloor, NoiseFloors } from "../../metrics/compare/noise-floors.ts";
import { UNKNOWN } from "../format-number.ts";
import type { TerminalOptions } from "../terminal.ts";
import { createStyle, type Style, textTable, wrap } from "../text-table.ts";
import { formatSize } from "./metric-rows.ts";

const HEADS = ["one run ±", "one block ±", "floor", "minimum effect", "decidable"];

/** @param blocks that the floors allow a comparison. @returns the table, ending in a newline. */
export function renderNoise(noise: NoiseFloors, blocks: number, { color, columns }: TerminalOptions): string {
  const style = createStyle(color);
  const { machine, driver, scenario, label, floors } = noise;
  const open = floors.filter((floor) => isOpen(floor) === true).length;
  const told = open === 0 ? "all metrics can be decided" : `${open} of ${floors.length} metrics cannot be decided here`;
  const about =
    "±: standard deviation, of one run around the middle of all and of what one block of four runs says of an effect. Floor: the " +
    `smallest effect that ${blocks} blocks find in 95 of 100 comparisons. A metric whose minimum effect lies under its floor cannot be ` +
    "decided here: it is not waited for.";
  const lines = [
    style.bold(`Noise of ${machine}: ${told}`),
    `  ${scenario}, ${driver}; ${label}; ${noise.blocks} blocks of four runs, all alike`,
    "",
    ...textTable(
      HEADS,
      floors.map((floor) => ({ head: floor.label, cells: cellsOf(floor, style) })),
      columns,
    ),
    "",
    ...wrap(about, columns, 0),
  ];
  return `${lines.join("\n")}\n`;
}

function cellsOf(floor: NoiseFloor, style: Style): readonly string[] {
  const { key, unit, runDeviation, blockDeviation } = floor;
  const rule = ruleOf(key);
  const size = (value: number) => formatSize(value, floor, unit);
  const sizes = [runDeviation, blockDeviation, floor.floor].map(size);
  if (rule === null) return [...sizes, UNKNOWN, UNKNOWN];
  return [...sizes, size(rule.minimumEffect), isOpen(floor) === true ? style.doubtful("no") : style.good("yes")];
}

/** null of a metric that is none any more. */
function isOpen({ key, floor }: NoiseFloor): boolean | null {
  const rule = ruleOf(key);
  return rule === null ? null : isUndecidable(rule, floor);
}
