// Which machine a result comes from, as far as its measurements hang on it: two that agree in this may be compared.

import type { Environment } from "../run-result.ts";

/** "AMD EPYC 7B13, 2 cores, linux x64". A kernel's release is not the machine, and neither is Node's. */
export function machineOf({ cpu, cores, platform }: Environment): string {
  const words = platform.split(" ");
  return `${cpu}, ${cores} cores, ${words[0]} ${words.at(-1)}`;
}
