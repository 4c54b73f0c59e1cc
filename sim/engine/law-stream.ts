// A random stream of one law, drawn in blocks: the loop that fills a block is compiled once and keeps its numbers in registers, and
// a model that draws takes the next number from an array.

import type { Law } from "../../config/scenario.ts";
import { lawSampler } from "../../workload/distributions.ts";
import type { Stream } from "../../workload/random-stream.ts";

const BLOCK = 1024;

/** @returns a function that gives the next draw of the law each time. */
export function createLawStream(stream: Stream, law: Law): () => number {
  const sample = lawSampler(law);
  const block = new Float64Array(BLOCK);
  let next = BLOCK;

  function fill(): void {
    for (let i = 0; i < BLOCK; i++) block[i] = sample(stream.nextBits());
    next = 0;
  }

  return () => {
    if (next === BLOCK) fill();
    return block[next++];
  };
}
