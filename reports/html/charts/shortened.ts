// A name that has to stand beside a value in a chart.

/** ", simulated"; "KiB, mean" */
const END_CHARS = 11;

/** As much of the name as there is room for: its beginning and, as names of one kind differ there, its end. */
export function shortened(label: string, charsMax: number): string {
  if (label.length <= charsMax) return label;
  const head = label.slice(0, Math.max(1, charsMax - END_CHARS - 1)).trimEnd();
  return `${head}…${label.slice(-END_CHARS)}`;
}
