// The costs that tests reckon with are those of the proofs: round, and the same for good.

export { plainCalibration } from "../proof/plain-calibration.ts";
