// A name that has to stand beside a value in a chart.

/** ", simulated" */
const END_CHARS = 11;

/**
 * As much of the name as there is room for: its beginning and, as names of one kind differ there, its end.
 * @param endChars of the end that are kept.
 */
export function shortened(label: string, charsMax: number, endChars = END_CHARS): string {
  if (label.length <= charsMax) return label;
  const head = label.slice(0, Math.max(1, charsMax - endChars - 1)).trimEnd();
  return `${head}…${label.slice(-endChars)}`;
}
