/** A belief of the author about this program, checked in every run. A failure is our fault, never the user's. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** @throws AssertionError saying what was believed, when it does not hold. */
export function assert(holds: boolean, belief: string): asserts holds {
  if (!holds) throw new AssertionError(`this must hold and does not: ${belief}`);
}
