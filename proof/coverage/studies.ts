// Every kind of interval that a result can have.

import type { CoverageStudy } from "./coverage-study.ts";
import { eventStudy } from "./event-study.ts";
import { queueStudy } from "./queue-study.ts";
import { sessionStudies } from "./session-studies.ts";

export const coverageStudies: readonly CoverageStudy[] = [queueStudy, ...sessionStudies, eventStudy];
