// npm run proof:coverage: do 95 % intervals hold the truth in 95 of 100 runs? Each kind of interval that a result can have, on models
// whose truth is known, again and again with other seeds. Of 1,000 repeats, 95 % come out as 93 to 97 % all but four times in 1,000.

import { formatFigure, formatNumber } from "../reports/format-number.ts";
import type { CoverageStudy } from "./coverage/coverage-study.ts";
import { runStudies, type Tally } from "./coverage/run-studies.ts";
import { coverageStudies } from "./coverage/studies.ts";
import { type Finding, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

const LEAST = 0.93;
const MOST = 0.97;
const GIVEN_LEAST = 0.9;

await runCommand(
  proofCommand({
    name: "proof:coverage",
    description: "the share of 95 % intervals that hold the truth: sessions stored, share refused, M/M/1 at 0.9, a p99",
    repeats: { least: 400, usual: 1000, of: "of every kind of run" },
    heads: ["truth", "repeats", "interval given", "half width", "truth held", "asked"],
    async prove({ repeats, seed, goOn }) {
      const tallies = await runStudies(repeats, seed, goOn);
      return coverageStudies.flatMap((study, i) => study.subjects.map((_, j) => findingOf(study, j, tallies[i][j])));
    },
  }),
);

function findingOf({ name, subjects }: CoverageStudy, place: number, tally: Tally): Finding {
  const { what, truth, unit, givenLeast = GIVEN_LEAST } = subjects[place];
  const { repeats, given, held, above, halfWidths } = tally;
  const share = held / Math.max(1, given);
  const goal = `${LEAST * 100} to ${MOST * 100} %`;
  const percent = (of: number) => formatFigure(of, "share");
  const seldom = given < givenLeast * repeats;
  return {
    what: `${name}: ${what}`,
    truth: 0.95,
    found: share,
    unit: "share",
    goal,
    held: !seldom && share >= LEAST && share <= MOST,
    cells: [
      formatFigure(truth, unit),
      formatNumber(repeats),
      percent(given / Math.max(1, repeats)),
      `±${percent(halfWidths / Math.max(1, given))}`,
      percent(share),
      goal,
    ],
    note: `the truth lay above ${above}, below ${given - held - above} of ${given} intervals${seldom ? "; they are given too seldom" : ""}`,
  };
}
