// What the repository at hand says of commits: when they were made, and which comes before which. It may know none of them.

import { git } from "./git.ts";

/** @returns null where the repository does not know one of them, or there is none. */
export async function comesBefore(earlier: string, later: string): Promise<boolean | null> {
  if (!isName(earlier) || !isName(later)) return null;
  const { exitCode } = await git(["merge-base", "--is-ancestor", `${earlier}^{commit}`, `${later}^{commit}`]);
  return exitCode === 0 ? true : exitCode === 1 ? false : null;
}

/** @returns milliseconds since 1970 by the name asked for; those the repository does not know are missing. */
export async function commitTimesMs(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const asked = [...new Set(names.filter(isName))];
  const check = await git(["cat-file", "--batch-check"], { input: asked.map((name) => `${name}^{commit}\n`).join("") });
  if (check.exitCode !== 0 || asked.length === 0) return new Map();
  const hashes = check.stdout.split("\n").map((line) => /^([0-9a-f]+) commit \d+$/.exec(line)?.[1]);
  const known = [...new Set(hashes.filter((hash) => hash !== undefined))];
  if (known.length === 0) return new Map();
  const shown = await git(["log", "--no-walk=unsorted", "--stdin", "--format=%H %ct"], { input: known.join("\n") });
  const times = new Map(shown.stdout.split("\n").map((line) => line.split(" ") as [string, string]));
  return new Map(
    asked.flatMap((name, index): [string, number][] => {
      const seconds = times.get(hashes[index] ?? "");
      return seconds === undefined ? [] : [[name, Number(seconds) * 1000]];
    }),
  );
}

/** No option, and no way to ask for anything but a commit. */
function isName(name: string): boolean {
  return /^[\w][\w./-]*$/.test(name) && !name.includes("..");
}
