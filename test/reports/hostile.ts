// Names that break a format which forgets to escape: every delimiter, quote and line break of the formats that we write.

import type { RunResult } from "../../metrics/run-result.ts";
import { makeResult } from "./fixture-result.ts";

export const HOSTILE =
  'a,"b";\\n\r\n<c d="e">&amp;]]>{f}|`g`*h*_i_[j](k) #l @m\u0000\u001f\uFFFE\uD800 \\" é\u2028😀 =1+1\\';

/** A result in which whatever a user can name, or a server can say, has such a name. */
export function hostileResult(): RunResult {
  const result = makeResult({ samples: 500, seriesPoints: 3, name: HOSTILE });
  return {
    ...result,
    label: HOSTILE,
    store: HOSTILE,
    command: `sessionlab bench "${HOSTILE}" \`\`\`\n</details>`,
    counters: { ...result.counters, failed: 3, failures: { [HOSTILE]: 3 } },
    histograms: { ...result.histograms, [HOSTILE]: result.histograms.response! },
    figures: [...result.figures, { key: HOSTILE, label: HOSTILE, unit: HOSTILE, value: 1 }],
    targets: [{ figure: HOSTILE, limit: HOSTILE, value: 1, met: false }],
    audit: { ...result.audit, verdict: "doubtful", findings: [HOSTILE] },
    series: { ...result.series, columns: { ...result.series.columns, [HOSTILE]: [1, null, -0.5] } },
    environment: { ...result.environment, sessionlab: HOSTILE, cpu: HOSTILE },
  };
}
