// Text of a scenario or workload file → checked data, still in the user's units.

import { type WorkloadFile, workloadSchema } from "./file/workload.ts";
import { inMeantUnits } from "./meant-units.ts";
import { nameOf, type ParsedText, type Path, parseWithSchema } from "./parse-with-schema.ts";
import type { Problem } from "./problem.ts";
import { type ScenarioFile, scenarioSchema } from "./scenario-file.ts";
import { type Change, changeTree, stepsOf } from "./vary.ts";

/**
 * @param file how the user named it, for messages. Problems are returned, not thrown: the caller may have more of them.
 * @param figureKeys the figures that a target may name.
 * @param visitFigureKeys those of them that a simulation has, which run.precision may name; left out: all.
 * @param changes keys of the file with other values than it says.
 */
export function parseScenario(
  text: string,
  file: string,
  figureKeys: readonly string[],
  visitFigureKeys = figureKeys,
  changes: readonly Change[] = [],
): ParsedText<ScenarioFile> {
  const parsed = parseWithSchema(text, file, scenarioSchema, (asWritten) => {
    const raw = changeTree(asWritten, changes);
    if (typeof raw !== "object" || raw === null || !("workload" in raw)) return raw;
    return { ...raw, workload: spellOut(raw.workload) };
  });
  const raw = (parsed.raw ?? {}) as {
    targets?: unknown;
    faults?: unknown;
    run?: { durationMinutes?: unknown; precision?: unknown };
    plan?: { faultTargets?: unknown };
  };
  const problem = (path: Path, rest: Pick<Problem, "given" | "expected" | "mend">): Problem => ({
    at: nameOf(path),
    ...rest,
    file,
    ...parsed.locate(path),
  });
  const problems = [...parsed.problems];
  const expectFigure = (figure: unknown, known: readonly string[], path: Path) => {
    if (typeof figure !== "string" || known.includes(figure)) return;
    const expected = `one of ${known.join(", ")}`;
    problems.push(problem(path, { given: `"${figure}"`, expected, mend: "choose one of them" }));
  };
  listOf(raw.targets).forEach(({ figure }, i) => {
    expectFigure(figure, figureKeys, ["targets", i, "figure"]);
  });
  listOf(raw.plan?.faultTargets).forEach(({ figure }, i) => {
    expectFigure(figure, figureKeys, ["plan", "faultTargets", i, "figure"]);
  });
  const asked = raw.run?.precision;
  listOf(Array.isArray(asked) ? asked : [asked]).forEach(({ figure }, i) => {
    expectFigure(figure, visitFigureKeys, ["run", "precision", ...(Array.isArray(asked) ? [i] : []), "figure"]);
  });
  const durationMinutes = raw.run?.durationMinutes ?? 120;
  listOf(raw.faults).forEach(({ atMinutes }, i) => {
    if (typeof atMinutes !== "number" || typeof durationMinutes !== "number" || atMinutes <= durationMinutes) return;
    const expected = `within the run, ${durationMinutes} minutes`;
    const mend = "move it, or lengthen the run";
    problems.push(problem(["faults", i, "atMinutes"], { given: String(atMinutes), expected, mend }));
  });
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const told = problems.map((one) => inMeantUnits(withoutPlace(one, changes)));
  return { ...parsed, value: told.length === 0 ? parsed.value : null, problems: told };
}

/** What was changed stands in no line of the file. */
function withoutPlace({ file, line, column, ...problem }: Problem, changes: readonly Change[]): Problem {
  const changed = changes.some(({ key }) => {
    const at = nameOf(stepsOf(key));
    return problem.at === at || problem.at.startsWith(`${at}.`) || at.startsWith(`${problem.at}.`);
  });
  if (changed) return problem;
  return {
    ...problem,
    ...(file && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

/** A workload file, as `fit` writes it. */
export function parseWorkload(text: string, file: string): ParsedText<WorkloadFile> {
  return parseWithSchema(text, file, workloadSchema, spellOut);
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "object" && entry !== null) : [];
}

const lawKeys = ["thinkSeconds", "stateBytes", "cpuMs", "waitMs", "afterSeconds"];

/** Bare numbers where a law is meant: `thinkSeconds: 30` is a constant, `arrivals: 5` is Poisson. */
function spellOut(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(spellOut);
  if (typeof raw !== "object" || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => {
      if (typeof value !== "number") return [key, spellOut(value)];
      if (lawKeys.includes(key)) return [key, { kind: "constant", value }];
      if (key === "requestsPerVisit") return [key, { kind: "fixed", value }];
      if (key === "arrivals") return [key, { kind: "poisson", perSecond: value }];
      return [key, value];
    }),
  );
}
