// How busy this thread is, as its event loop tells: what a generator must not be for its figures to be the site's.

/**
 * From now on.
 * @param polledMs time spent looking at the clock until a moment came, which the loop takes for work.
 * @returns asks for the share of the time, 0 to 1.
 */
export function watchBusy(polledMs: () => number = () => 0): () => number {
  const before = performance.eventLoopUtilization();
  return () => {
    const { active, idle } = performance.eventLoopUtilization(before);
    const livedMs = active + idle;
    return livedMs === 0 ? 0 : Math.max(0, active - polledMs()) / livedMs;
  };
}
