// Labels at the ends of lines, moved apart so that none covers another.

/**
 * @param wantedY where each label would like to stand, in pixels.
 * @returns where each can stand: order kept, `gap` apart, between top and bottom while there is room.
 */
export function dodge(wantedY: readonly number[], gap: number, top: number, bottom: number): readonly number[] {
  const order = wantedY.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y || a.index - b.index);
  const placed: number[] = [];
  for (const { y } of order) placed.push(Math.max(y, (placed.at(-1) ?? top - gap) + gap));
  let limit = bottom;
  for (let place = placed.length - 1; place >= 0; place--) {
    placed[place] = Math.min(placed[place]!, limit);
    limit = placed[place]! - gap;
  }
  const result = new Array<number>(wantedY.length);
  order.forEach(({ index }, place) => {
    result[index] = placed[place]!;
  });
  return result;
}
