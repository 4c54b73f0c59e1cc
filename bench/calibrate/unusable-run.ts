// A run that a calibration needs and that cannot be believed: no fault of what was asked for, nor of ours.

/** The message says which run, what was wrong with it each time, and what may mend it. */
export class UnusableRun extends Error {
  override readonly name = "UnusableRun";

  constructor(note: string, tries: number, findings: readonly string[]) {
    const why = findings.join(" ") || "not one request was completed";
    super(
      `Cannot calibrate: the run of ${note} was invalid ${tries} times over: ${why} End what else uses the machine, and calibrate again.`,
    );
  }
}
