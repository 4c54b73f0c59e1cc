// Noise that was measured on one machine and is kept with the sources, for whoever has measured none: files as they were written, with
// the machine and the day in them. To measure it anew, on a machine with nothing else to do (about 25 minutes):
//   sessionlab bench scenarios/basket.yaml --mode InProc --driver micro --calibrate-noise --noise-file proof/noise/recorded/micro.json
//   sessionlab bench proof/real/short-visits.yaml --mode InProc --calibrate-noise --noise-file proof/noise/recorded/journeys.json
//   sessionlab bench scenarios/basket.yaml --mode InProc --driver memory --state-bytes 4096 --calibrate-noise \
//     --noise-file proof/noise/recorded/memory.json

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseNoise } from "../../cli/against/noise-file.ts";
import type { NoiseFloors } from "../../metrics/compare/noise-floors.ts";

const folder = path.join(import.meta.dirname, "recorded");

export const recordedNoise: readonly NoiseFloors[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => parseNoise(readFileSync(path.join(folder, name), "utf8"), path.join(folder, name)));
