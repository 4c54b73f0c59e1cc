// The limit of a target as people read it. In a verdict it stands as the scenario wrote it, in the figure's own unit.

import { formatFigure } from "./format-number.ts";

/** "at most 0.01" of a share: "at most 1 %". */
export function limitInWords(limit: string, unit: string): string {
  return limit.replace(/(at (?:most|least)) (-?\d\S*)/g, (_, side: string, value: string) => {
    return `${side} ${exactly(Number(value), unit)}`;
  });
}

/** A limit is exact: no zeros that would claim digits nobody wrote. */
function exactly(value: number, unit: string): string {
  return formatFigure(value, unit)
    .replace(/(\.\d*?)0+(?!\d)/, "$1")
    .replace(/\.(?!\d)/, "");
}
