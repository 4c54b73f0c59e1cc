// What requests and store calls cost, by the calibration: time on a web core, on the way and at the store. Draws are looked up by
// request, like everything of a journey, so that a request costs the same in every configuration that shares the calibration.

import { type Calibration, type Law, storeOperations } from "../../config/scenario.ts";
import { lawSampler } from "../../workload/distributions.ts";
import { createDraws } from "../../workload/random-stream.ts";

/** Store calls go by their place in `storeOperations`. */
export interface Costs {
  requestCpuMs(visit: number, place: number): number;
  /** What a visitor waits beside the site's own time. */
  clientMs(visit: number, place: number): number;
  /** One way, between site and store. */
  networkMs(visit: number, place: number): number;
  /** The bytes of a call matter to what it costs. */
  growsWithSize(operation: number): boolean;
  webCpuMs(operation: number, bytes: number): number;
  storeMs(operation: number, bytes: number, visit: number, place: number): number;
}

export function createCosts(calibration: Calibration, seed: number, mirrored: boolean): Costs {
  const lookup = (law: Law, name: string) => {
    if (law.kind === "constant") return () => law.value;
    const draws = createDraws(seed, name, mirrored);
    const sample = lawSampler(law);
    return (visit: number, place: number) => sample(draws.bitsAt(visit, place));
  };
  const roundTripMs = lookup(calibration.networkRoundTripMs, "network");
  const operations = storeOperations.map((name) => calibration.operations[name]);
  const storeMs = operations.map((operation) => lookup(operation.storeMs, "store service"));
  const webCpuMs = Float64Array.from(operations, (operation) => operation.webCpuMs);
  const webCpuMsPerKiB = Float64Array.from(operations, (operation) => operation.webCpuMsPerKiB);
  const storeMsPerKiB = Float64Array.from(operations, (operation) => operation.storeMsPerKiB);
  return {
    requestCpuMs: lookup(calibration.requestCpuMs, "request cpu"),
    clientMs: lookup(calibration.clientRoundTripMs, "client network"),
    networkMs: (visit, place) => roundTripMs(visit, place) / 2,
    growsWithSize: (operation) => webCpuMsPerKiB[operation] > 0 || storeMsPerKiB[operation] > 0,
    webCpuMs: (operation, bytes) => webCpuMs[operation] + (webCpuMsPerKiB[operation] * bytes) / 1024,
    storeMs: (operation, bytes, visit, place) =>
      storeMs[operation](visit, place) + (storeMsPerKiB[operation] * bytes) / 1024,
  };
}
