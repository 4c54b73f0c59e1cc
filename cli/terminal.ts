// What standard output is: how wide, and whether it takes colour. NO_COLOR, set to anything, turns colour off (no-color.org).

export interface Terminal {
  readonly color: boolean;
  /** Characters to a line; 120 where nobody tells. */
  readonly columns: number;
}

export function terminal(): Terminal {
  const { isTTY, columns } = process.stdout;
  // A terminal that does not know its width says 0.
  return { color: isTTY === true && (process.env.NO_COLOR ?? "") === "", columns: columns || 120 };
}
