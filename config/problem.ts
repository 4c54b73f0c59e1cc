// What is wrong with an input, in a form that says where, what was given, what was expected and how to mend it.
// Readers gather every problem and throw once; only cli/ prints them, with exit code 2.

/** One mistake in one input. `line` and `column` count from 1; they are absent where the input has no lines. */
export interface Problem {
  /** The place inside the input, in its own terms: `site.timeoutMinutes`, `<sessionState> timeout`. */
  readonly at: string;
  /** What stands there, as text; empty where something is missing. */
  readonly given: string;
  readonly expected: string;
  readonly mend: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The input was wrong: the user's mistake, never ours. The message holds every problem, one a line. */
export class InputError extends Error {
  readonly problems: readonly Problem[];

  /** @param action what failed, as in `Cannot read scenario "lunch-hour.yaml"`. */
  constructor(action: string, problems: readonly Problem[]) {
    super(
      `${action}:${problems.length === 1 ? ` ${describe(problems[0])}` : ["", ...problems.map(describe)].join("\n  ")}`,
    );
    this.name = "InputError";
    this.problems = problems;
  }
}

function describe(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  const given = problem.given === "" ? "is missing" : `is ${problem.given}`;
  return `${place === "" ? "" : `${place}: `}${problem.at} ${given}; expected ${problem.expected}; ${problem.mend}`;
}
