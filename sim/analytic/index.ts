// Every closed form, each a pure function of numbers.

export { arrivalsBetween } from "./arrival-rate.ts";
export { closedFormsOf, formsOf } from "./closed-forms.ts";
export { type Demand, type Demands, demandsOf, type Saturation, type StationName, saturationOf } from "./demands.ts";
export { type Engset, engset } from "./engset.ts";
export { erlangB, erlangBLoad, erlangBPlaces } from "./erlang.ts";
export { erlangC, erlangCLoad, erlangCServers, serversForMeanWait, serversForWaitWithin } from "./erlang-c.ts";
export { instantAnswer } from "./instant.ts";
export { type MachineRepair, type MachineRepairInput, machineRepair } from "./machine-repair.ts";
export { type MD1Input, md1, md1WaitCdf, md1WaitQuantile } from "./md1.ts";
export {
  meanOfArrivals,
  mgInfinityMean,
  mtgInfinityMean,
  windowMeanOfArrivals,
  windowSumOfArrivals,
} from "./mg-infinity.ts";
export { type MG1, type MG1Input, mg1 } from "./mg1.ts";
export { type MM1K, type MM1KInput, mm1k } from "./mm1k.ts";
export { type MMc, type MMcInput, mmc, mmcWaitQuantile, mmcWaitTail } from "./mmc.ts";
export { type Mva, type MvaInput, type MvaStation, mva } from "./mva.ts";
export { poissonCdf, poissonPmf, poissonQuantile } from "./poisson.ts";
export { type Integral, type IntegrateOptions, integrate } from "./quadrature.ts";
export { type SessionLife, type SessionLifeInput, sessionLife } from "./session-life.ts";
export { type SlidingSession, type SlidingSessionInput, slidingSession } from "./sliding-session.ts";
export { type Stay, stayOf } from "./stay.ts";
export { type VisitLattice, type VisitLatticeInput, visitLattice } from "./visit-lattice.ts";
export { requestsByAge, type VisitStayInput, type VisitWithoutMemory, visitStay } from "./visit-stay.ts";
