// What requests and store calls cost, by the calibration: time on a web core, on the way and at the store. Draws are looked up by
// request, like everything of a journey, so that a request costs the same in every configuration that shares the calibration.

import type { Calibration, Law, OperationCost, StoreOperation } from "../../config/scenario.ts";
import { lawQuantile } from "../../workload/distributions.ts";
import { createDraws } from "../../workload/random-stream.ts";

export interface Costs {
  requestCpuMs(visit: number, place: number): number;
  /** What a visitor waits beside the site's own time. */
  clientMs(visit: number, place: number): number;
  /** One way, between site and store. */
  networkMs(visit: number, place: number): number;
  /** The bytes of a call matter to what it costs. */
  growsWithSize(operation: StoreOperation): boolean;
  webCpuMs(operation: StoreOperation, bytes: number): number;
  storeMs(operation: StoreOperation, bytes: number, visit: number, place: number): number;
}

export function createCosts(calibration: Calibration, seed: number, mirrored: boolean): Costs {
  const requestDraws = createDraws(seed, "request cpu", mirrored);
  const clientDraws = createDraws(seed, "client network", mirrored);
  const networkDraws = createDraws(seed, "network", mirrored);
  const storeDraws = createDraws(seed, "store service", mirrored);
  const drawn = (law: Law, draws: typeof requestDraws, visit: number, place: number) =>
    law.kind === "constant" ? law.value : lawQuantile(law, draws.at(visit, place));
  const costOf = (operation: StoreOperation): OperationCost => calibration.operations[operation];
  return {
    requestCpuMs: (visit, place) => drawn(calibration.requestCpuMs, requestDraws, visit, place),
    clientMs: (visit, place) => drawn(calibration.clientRoundTripMs, clientDraws, visit, place),
    networkMs: (visit, place) => drawn(calibration.networkRoundTripMs, networkDraws, visit, place) / 2,
    growsWithSize: (operation) => costOf(operation).webCpuMsPerKiB > 0 || costOf(operation).storeMsPerKiB > 0,
    webCpuMs: (operation, bytes) => costOf(operation).webCpuMs + (costOf(operation).webCpuMsPerKiB * bytes) / 1024,
    storeMs: (operation, bytes, visit, place) =>
      drawn(costOf(operation).storeMs, storeDraws, visit, place) + (costOf(operation).storeMsPerKiB * bytes) / 1024,
  };
}
