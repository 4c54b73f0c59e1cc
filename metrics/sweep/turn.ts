// How a figure goes along one axis while the others stand still: where it bends, where it jumps, where a target is first missed, or that
// none of these can be told from chance.

import type { VariedValue } from "../../config/vary.ts";

/** Two neighbours on the axis, by value: what lies before and after. */
export interface Step {
  readonly from: VariedValue;
  readonly to: VariedValue;
  readonly valueFrom: number;
  readonly valueTo: number;
}

export interface TurnPlace {
  readonly figure: string;
  readonly axis: string;
  /** The value of every other axis. */
  readonly where: Readonly<Record<string, VariedValue>>;
}

export type Turn = TurnPlace &
  (
    | {
        /** The figure bends at one value: so much for one more of the axis before, so much after. */
        readonly kind: "knee";
        readonly at: number;
        readonly valueAt: number;
        readonly slopeBefore: number;
        readonly slopeAfter: number;
        /** flattens: one more of the axis changes the figure less from there on; steepens: more. */
        readonly bend: "flattens" | "steepens";
        readonly because: Busy | null;
      }
    | {
        /** Most of what the figure changes along the whole axis, it changes between two neighbours. */
        readonly kind: "cliff";
        readonly step: Step;
        /** Of the range of the figure along the axis. */
        readonly share: number;
        readonly because: Busy | null;
      }
    | {
        /** Between two neighbours a target goes from met to missed or back; values between, of which it cannot be told, are named. */
        readonly kind: "target";
        readonly step: Step;
        readonly limit: { readonly atMost?: number; readonly atLeast?: number };
        readonly change: "first missed" | "first met";
        readonly undecided: readonly VariedValue[];
        readonly because: Busy | null;
      }
    | {
        /** It changes, without a bend or a jump that could be told from chance. */
        readonly kind: "steady";
        readonly step: Step;
        readonly direction: "rises" | "falls" | "rises and falls";
      }
    | {
        /** No two values differ by more than chance. */
        readonly kind: "flat";
        readonly step: Step;
      }
    | {
        /** Values that are no numbers, of which the lowest and the highest are told. */
        readonly kind: "choice";
        readonly step: Step;
        readonly differs: boolean;
      }
    | {
        /** One replication, or too few points that ended: nothing can be told from chance. */
        readonly kind: "untold";
      }
  );

/** What is nearly fully busy on the far side of a turn. */
export interface Busy {
  readonly figure: "coreUtilisation" | "storeUtilisation";
  readonly at: VariedValue;
  readonly share: number;
}
