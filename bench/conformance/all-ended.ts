// Several at once, and nobody is left running when one fails: what is cleared up afterwards must stay so.

/** As Promise.all, but it settles only when all have; then with the first failure, if there is one. */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
