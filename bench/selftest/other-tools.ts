// The closed loops of others, as anyone would start them: autocannon's own command, which comes with this package, and wrk, where it
// is installed. Each asks one address over so many connections and says how much was answered.

import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";

export interface Target {
  readonly url: string;
  readonly cookie: string;
  readonly connections: number;
  readonly seconds: number;
}

const run = promisify(execFile);
const PATIENCE_MS = 15_000;

/** After a warm-up as long, in which its code is compiled. @returns requests answered with 2xx a second. @throws Error when some were not, and when it did not run. */
export async function autocannonPerSecond(
  { url, cookie, connections, seconds }: Target,
  signal: AbortSignal,
): Promise<number> {
  const script = createRequire(import.meta.url).resolve("autocannon");
  const load = ["-c", String(connections), "-d", String(seconds)];
  const args = [...load, "-W", "[", ...load, "]", "-H", `Cookie: ${cookie}`, "--json", "-n", url];
  const { stdout } = await run(process.execPath, [script, ...args], { signal, timeout: PATIENCE_MS });
  return readAutocannon(stdout);
}

/** @param text that autocannon --json prints, a line for the warm-up and one for the run; `duration` is in seconds, as it really was. */
export function readAutocannon(text: string): number {
  const json = text.trim().split("\n").at(-1) ?? "";
  const { "2xx": answered, non2xx, errors, duration } = JSON.parse(json) as Record<string, number>;
  if (non2xx + errors > 0) throw new Error(`autocannon saw ${non2xx} answers other than 2xx and ${errors} errors`);
  return answered / duration;
}

/** @returns null when wrk is not installed. @throws Error when some answers were not 2xx. */
export async function wrkPerSecond(
  { url, cookie, connections, seconds }: Target,
  signal: AbortSignal,
): Promise<number | null> {
  const args = ["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "-H", `Cookie: ${cookie}`, url];
  try {
    const { stdout } = await run("wrk", args, { signal, timeout: PATIENCE_MS });
    return readWrk(stdout);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** @param text that wrk prints: "Requests/sec:  12345.67", and lines of what went wrong, where something did. */
export function readWrk(text: string): number {
  const wrong = /^\s*(?:Non-2xx or 3xx responses: [1-9].*|Socket errors: .*[1-9].*)$/m.exec(text);
  if (wrong !== null) throw new Error(`wrk: ${wrong[0].trim()}`);
  const found = /^Requests\/sec:\s+([\d.]+)/m.exec(text);
  if (found === null) throw new Error("wrk told no requests a second");
  return Number(found[1]);
}
