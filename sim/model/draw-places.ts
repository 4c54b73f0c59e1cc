// Where in the sequences of draws a request stands: draws are looked up by the number of the visit and a place within it, so that no
// draw depends on when it is made.

import { REQUESTS_PER_STEP_MAX } from "../../workload/journeys.ts";
import type { RequestTable } from "./request-table.ts";
import type { Visitors } from "./visitors.ts";

export interface DrawPlaces {
  visitOf(request: number): number;
  stepOf(request: number): number;
  /** Of the request itself. */
  placeOf(request: number): number;
  /** Of the store call it makes. */
  callPlaceOf(request: number): number;
}

const CALLS_PER_REQUEST_MAX = 16;

export function createDrawPlaces(requests: RequestTable, visitors: Visitors): DrawPlaces {
  const { columns } = requests;
  const stepOf = (request: number) => visitors.stepOf(columns.visitor[request]);
  const placeOf = (request: number) => stepOf(request) * REQUESTS_PER_STEP_MAX + columns.number[request];
  return {
    visitOf: (request) => visitors.visitOf(columns.visitor[request]),
    stepOf,
    placeOf,
    /** Calls beyond the sixteenth of a request, all of them polls, draw the same times again; they are alike anyway. */
    callPlaceOf: (request) =>
      placeOf(request) * CALLS_PER_REQUEST_MAX + (columns.calls[request] % CALLS_PER_REQUEST_MAX),
  };
}
