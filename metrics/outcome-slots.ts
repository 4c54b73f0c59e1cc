// What became of the requests of a run, by the tenth of a second in which each was due: fine enough to see a fault strike and the
// site come back, small enough to be sent from one process to another, and added up without loss.

export interface OutcomeSlots {
  /** Completed requests due in slot n, which begins n × SLOT_MS real milliseconds after scenario time 0. */
  readonly completed: number[];
  /** The longest response time among them, in milliseconds; 0 where there was none. */
  readonly slowestMs: number[];
  /** Those that failed, alike ones counted together. */
  readonly failed: FailureCount[];
}

/** Requests that were due in one slot, failed in another or the same, for one reason. */
export interface FailureCount {
  readonly dueSlot: number;
  readonly endedSlot: number;
  readonly failure: string;
  count: number;
}

/** Real time. */
export const SLOT_MS = 100;

/** What requests due so many real milliseconds after scenario time 0 became. Plain data lies behind it, in `slots`. */
export interface OutcomeLog {
  readonly slots: OutcomeSlots;
  completed(dueMs: number, responseMs: number): void;
  failed(dueMs: number, endedMs: number, failure: string): void;
}

export function createOutcomeLog(): OutcomeLog {
  const slots: OutcomeSlots = { completed: [], slowestMs: [], failed: [] };
  const cells = new Map<string, FailureCount>();
  return {
    slots,
    completed(dueMs, responseMs) {
      const slot = slotOf(dueMs);
      growTo(slots, slot + 1);
      slots.completed[slot]++;
      slots.slowestMs[slot] = Math.max(slots.slowestMs[slot], responseMs);
    },
    failed(dueMs, endedMs, failure) {
      count(slots, cells, { dueSlot: slotOf(dueMs), endedSlot: slotOf(endedMs), failure, count: 1 });
    },
  };
}

/** The same requests as if one process had sent them all. */
export function mergeOutcomes(all: readonly OutcomeSlots[]): OutcomeSlots {
  const merged: OutcomeSlots = { completed: [], slowestMs: [], failed: [] };
  const cells = new Map<string, FailureCount>();
  for (const { completed, slowestMs, failed } of all) {
    growTo(merged, completed.length);
    completed.forEach((requests, slot) => {
      merged.completed[slot] += requests;
      merged.slowestMs[slot] = Math.max(merged.slowestMs[slot], slowestMs[slot]);
    });
    for (const cell of failed) count(merged, cells, cell);
  }
  return merged;
}

/** Requests due from one moment to another, to a slot exactly, that failed for this reason; real milliseconds after scenario time 0. */
export function failedBetween({ failed }: OutcomeSlots, reason: string, fromMs: number, toMs: number): number {
  return failed
    .filter(({ dueSlot, failure }) => failure === reason && dueSlot >= slotOf(fromMs) && dueSlot * SLOT_MS <= toMs)
    .reduce((sum, { count }) => sum + count, 0);
}

function count({ failed }: OutcomeSlots, cells: Map<string, FailureCount>, cell: FailureCount): void {
  const key = `${cell.dueSlot} ${cell.endedSlot} ${cell.failure}`;
  const known = cells.get(key);
  if (known !== undefined) {
    known.count += cell.count;
    return;
  }
  const first = { ...cell };
  cells.set(key, first);
  failed.push(first);
}

function growTo({ completed, slowestMs }: OutcomeSlots, length: number): void {
  while (completed.length < length) {
    completed.push(0);
    slowestMs.push(0);
  }
}

/** A request due right at the start may be a hair early by another clock. */
function slotOf(realMs: number): number {
  return Math.max(0, Math.floor(realMs / SLOT_MS));
}
