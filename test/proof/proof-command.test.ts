import { afterEach, expect, test, vi } from "vitest";
import { InputError } from "../../config/problem.ts";
import { type Finding, type ProofKind, proofCommand } from "../../proof/proof-command.ts";

const finding: Finding = {
  what: "Refused",
  truth: 0.04789,
  found: 0.0479,
  unit: "share",
  goal: "within 0.05 points",
  held: true,
  note: "72,000,000 arrivals",
};

function proofOf(findings: readonly Finding[], seen: number[] = []): ProofKind {
  return {
    name: "proof:test",
    description: "a proof of nothing",
    repeats: { least: 2, usual: 3, of: "of it" },
    async prove({ repeats, seed, goOn }) {
      seen.push(repeats, seed);
      await goOn(0.5, "half");
      return findings;
    },
  };
}

async function run(kind: ProofKind, ...args: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await proofCommand(kind).parseAsync(args, { from: "user" });
  return written.join("");
}

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test("a proof that holds says what was found, what is true and what was asked", async () => {
  const seen: number[] = [];
  const text = await run(proofOf([finding], seen), "--quiet", "--seed", "7");
  expect(text).toMatch(/Refused +4\.79\d* % +4\.789\d* % +within 0\.05 points +✓ held/);
  expect(text).toContain("  · Refused: 72,000,000 arrivals");
  expect(process.exitCode).toBeUndefined();
  expect(seen).toEqual([3, 7]);
});

test("a proof that misses, or finds nothing, ends with exit code 1", async () => {
  const text = await run(proofOf([finding, { ...finding, held: false }]), "--quiet", "--json");
  expect(JSON.parse(text)).toMatchObject({ proof: "proof:test", seed: 1, complete: true, held: false });
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  await run(proofOf([]), "--quiet");
  expect(process.exitCode).toBe(1);
});

test("fewer repeats than prove anything are refused", async () => {
  await expect(run(proofOf([finding]), "--repeats", "1")).rejects.toThrow(InputError);
});
