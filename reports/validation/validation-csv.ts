// A validation as a table for other programs: a row a figure, load and provider.

import type { Validation } from "../../metrics/validation/validation.ts";
import { csvText } from "../csv.ts";

const heads = [
  "provider",
  "load",
  "requests_per_second",
  "audit",
  "figure",
  "unit",
  "predicted",
  "measured",
  "error",
  "bound",
  "noise",
  "verdict",
] as const;

/** RFC 4180; an unknown value is empty. */
export function validationCsv({ providers }: Validation): string {
  const rows = providers.flatMap(({ provider, loads }) =>
    loads.flatMap(({ share, requestsPerSecond, audit, rows: figures }) =>
      figures.map(({ key, unit, predicted, measured, error, bound, noise, verdict }) => {
        const limit = bound?.relative ?? null;
        return [
          provider,
          share,
          requestsPerSecond,
          audit,
          key,
          unit,
          predicted,
          measured,
          error,
          limit,
          noise,
          verdict,
        ];
      }),
    ),
  );
  return csvText([heads, ...rows]);
}
