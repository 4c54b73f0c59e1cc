// The one place of bench/ that reads time. Everything else is handed a Clock, so that tests can hold time still.

/** Milliseconds, with fractions, that never go back. Two processes of one machine agree on it to within a fraction of a millisecond. */
export type Clock = () => number;

/** Milliseconds since 1970, counted by the monotonic clock from the moment the process began. */
export const machineClock: Clock = () => performance.timeOrigin + performance.now();
