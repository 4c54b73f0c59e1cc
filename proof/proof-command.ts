// A proof: a command that simulates what has a known answer and says whether the answer came out. Each prints a table of what was
// found, what is true, and what was asked; exit code 1 when anything was missed, 3 when it was cut short.

import { setImmediate as turnOfLoop } from "node:timers/promises";
import { Command } from "commander";
import { RUN_INVALID, TARGET_MISSED } from "../cli/exit-codes.ts";
import { interruptible, type Tell } from "../cli/interruptible.ts";
import { wholeNumber } from "../cli/options.ts";
import { terminal } from "../cli/terminal.ts";
import { formatFigure } from "../reports/format-number.ts";
import { createStyle, textTable, wrap } from "../reports/text-table.ts";

export interface Finding {
  readonly what: string;
  /** null where the claim is about what was found alone. */
  readonly truth: number | null;
  readonly found: number;
  /** As in a Figure. */
  readonly unit: string;
  /** "within 0.05 points". */
  readonly goal: string;
  readonly held: boolean;
  /** What else there is to know of it, in a few words. */
  readonly note?: string;
  /** One for each of the proof's own heads, where it has them. */
  readonly cells?: readonly string[];
}

export interface ProofWork {
  /** How often, where the proof repeats; what `--repeats` says. */
  readonly repeats: number;
  readonly seed: number;
  /**
   * To be awaited between pieces of work: tells how far it is, and lets an interrupt through.
   * @returns false when the work is to end.
   */
  readonly goOn: (share: number, note: string) => Promise<boolean>;
  /** Aborted by an interrupt, for work that takes long between two such moments. */
  readonly signal: AbortSignal;
}

export interface ProofKind {
  readonly name: string;
  readonly description: string;
  /** `flag` where they have a name: "suites". */
  readonly repeats: { readonly least: number; readonly usual: number; readonly of: string; readonly flag?: string };
  /** Left out: found, truth, asked. */
  readonly heads?: readonly string[];
  /** @returns what was found until it came to its end or was cut short. */
  readonly prove: (work: ProofWork) => Promise<readonly Finding[]>;
}

interface ProofOptions {
  readonly [repeatsFlag: string]: unknown;
  readonly seed: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const REPEATS_MAX = 1_000_000;

export function proofCommand({ name, description, repeats, heads = HEADS, prove }: ProofKind): Command {
  const flag = repeats.flag ?? "repeats";
  return new Command(name)
    .description(description)
    .option(`--${flag} <n>`, repeats.of, wholeNumber(`--${flag}`, repeats.least, REPEATS_MAX), repeats.usual)
    .option("--seed <n>", "of the first repeat", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER), 1)
    .option("--json", "print the findings as JSON")
    .option("--quiet", "no progress")
    .addHelpText("after", "\nExit codes: 0 it held, 1 it did not, 2 the input was wrong, 3 cut short.")
    .action(async (options: ProofOptions) => {
      const beganMs = performance.now();
      let complete = true;
      const findings = await interruptible(name, options.quiet ?? false, (signal, tell: Tell) =>
        prove({
          repeats: Number(options[flag]),
          seed: options.seed,
          signal,
          async goOn(share, note) {
            tell(share, note);
            await turnOfLoop();
            if (signal.aborted) complete = false;
            return !signal.aborted;
          },
        }),
      );
      const tookSeconds = (performance.now() - beganMs) / 1000;
      const held = findings.length > 0 && findings.every((finding) => finding.held);
      const text =
        options.json === true
          ? `${JSON.stringify({ proof: name, seed: options.seed, complete, held, tookSeconds, findings }, null, 2)}\n`
          : tableOf(findings, heads, complete, tookSeconds);
      process.stdout.write(text);
      if (!complete) process.exitCode = RUN_INVALID;
      else if (!held) process.exitCode = TARGET_MISSED;
    });
}

const HEADS = ["found", "truth", "asked"];

function tableOf(
  findings: readonly Finding[],
  heads: readonly string[],
  complete: boolean,
  tookSeconds: number,
): string {
  const { color, columns } = terminal();
  const style = createStyle(color);
  const rows = findings.map(({ what, truth, found, unit, goal, held, cells }) => ({
    head: what,
    cells: [
      ...(cells ?? [formatFigure(found, unit), truth === null ? "" : formatFigure(truth, unit), goal]),
      held ? style.good("✓ held") : style.bad("✗ missed"),
    ],
  }));
  const notes = findings.flatMap(({ what, note }) =>
    note === undefined ? [] : wrap(`  · ${what}: ${note}`, columns, 4).map(style.dim),
  );
  const end = `${complete ? "" : "Cut short. "}Took ${tookSeconds.toFixed(1)} s.`;
  return `${[...textTable([...heads, ""], rows, columns), "", ...notes, end].join("\n")}\n`;
}
