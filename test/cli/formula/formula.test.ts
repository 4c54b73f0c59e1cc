import { describe, expect, test, vi } from "vitest";
import { formulaGroup } from "../../../cli/formula/formula.ts";
import { InputError } from "../../../config/problem.ts";
import { runCli } from "../run-cli.ts";

/** Standard output of the command, run in this process. */
async function formula(words: string): Promise<string> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  try {
    await formulaGroup().exitOverride().parseAsync(words.split(" "), { from: "user" });
  } finally {
    write.mockRestore();
  }
  return out;
}

const answer = async (words: string) => JSON.parse(await formula(`${words} --json`)).answer;

describe("sessionlab formula", () => {
  test("prints the answer with the equation and its source", async () => {
    const out = await formula("erlang-b --places 10 --erlangs 10");
    expect(out).toContain("refused share    0.2145823 (21.45823 %)");
    expect(out).toContain("B(n, a) = (aⁿ/n!) / Σ aᵏ/k!");
    expect(out).toContain("Source: A. K. Erlang, 1917");
  });

  test("asks for the argument that is left out", async () => {
    expect((await answer("erlang-b --erlangs 100 --refused-share 1%")).places).toBe(117);
    expect((await answer("erlang-b --erlangs 73500 --refused-share 0.001")).places).toBe(73_784);
    expect((await answer("erlang-b --places 15 --refused-share 0.01")).erlangs).toBeCloseTo(8.108, 3);
    expect((await answer("erlang-c --servers 10 --erlangs 8")).waitShare).toBeCloseTo(0.4092, 4);
    expect((await answer("erlang-c --erlangs 8 --wait-share 0.41")).servers).toBe(10);
    const agents = "mmc --arrivals-per-second 0.0555555 --service-seconds 180 --within-seconds 20 --late-share 20%";
    expect((await answer(agents)).servers).toBe(14);
  });

  test("knows the sessions of 50 visits a second, and what a cap below them refuses", async () => {
    const visits = "sliding-session --timeout-minutes 20 --think-mean-seconds 30 --requests-mean 10";
    expect(await answer(`${visits} --arrivals-per-second 50 --places 60000`)).toMatchObject({
      requestsPerSession: expect.closeTo(10, 9),
      lifetimeSecondsMean: expect.closeTo(1470, 6),
      // Nine think times: variance 9 × 30², and their number varies by 90: 90 × 30².
      lifetimeSecondsStdDev: expect.closeTo(Math.sqrt(99 * 900), 6),
      liveSessionsMean: expect.closeTo(73_500, 3),
      refusedShare: expect.closeTo(0.18373, 5),
    });
  });

  test("knows what scans that give places back in batches make of a cap, and tells nothing of scans far apart", async () => {
    const visits =
      "sliding-session --timeout-minutes 20 --think-mean-seconds 30 --requests-mean 6 --arrivals-per-second 0.5 --places 640";
    // 200 simulated repeats of 20 hours each refused 7.740 ± 0.055 %; Erlang B alone tells 7.437 %.
    expect((await answer(`${visits} --sweep-seconds 20`)).refusedShare).toBeCloseTo(0.0774, 3);
    expect((await answer(`${visits} --sweep-seconds 60`)).refusedShare).toBeNull();
  });

  test("tells no refusals by Erlang B where visits open several sessions", async () => {
    const visits = "sliding-session --timeout-minutes 1 --think-mean-seconds 30 --requests-mean 10";
    const asked = `${visits} --arrivals-per-second 50 --places 5000`;
    expect((await answer(asked)).refusedShare).toBeNull();
    expect(await formula(asked)).toContain("unknown: Erlang B wants a visit to open one session");
  });

  test.each([
    ["engset --places 3 --sources 4 --erlangs-per-idle-source 0.5", "callCongestion", 1 / 27],
    ["mm1k --arrivals-per-second 2 --service-seconds 0.5 --places 4", "refusedShare", 0.2],
    ["md1 --arrivals-per-second 80 --service-seconds 0.01", "waitSecondsMean", 0.02],
    [
      "mg1 --arrivals-per-second 80 --service-seconds-mean 0.01 --service-seconds-variance 0.0001",
      "waitSecondsMean",
      0.04,
    ],
    ["mg-infinity --arrivals-per-second 50 --stay-seconds-mean 1470", "customersMean", 73_500],
    [
      "mg-infinity --arrivals-per-second 50 --stay-seconds-mean 1470 --stay-law constant --at-seconds 60",
      "customersMean",
      3000,
    ],
    ["machine-repair --machines 1 --repairers 1 --up-seconds 3 --repair-seconds 1", "downMean", 0.25],
    ["mva --customers 2 --queue-seconds 0.5,1 --think-seconds 1", "responseSecondsMean", 2],
    ["mmc --arrivals-per-second 1 --service-seconds 0.5 --servers 1", "waitSecondsMean", 0.5],
  ])("%s", async (words, key, value) => {
    expect((await answer(words))[key]).toBeCloseTo(value, 12);
  });

  test.each([
    ["erlang-b --places 10", "all but one of --places, --erlangs, --refused-share"],
    ["erlang-b --places 1.5 --erlangs -3", /--places is 1\.5.*\n.*--erlangs is -3/],
    ["erlang-b --places ten --erlangs 3", '--places is "ten"; expected a number'],
    ["erlang-b --places 1e999 --erlangs 3", '--places is "1e999"'],
    ["erlang-c --servers 8 --erlangs 10", "--erlangs is 10; expected below 8, or the queue grows without end"],
    [
      "md1 --arrivals-per-second 2 --service-seconds 1",
      "--arrivals-per-second × --service-seconds is 2; expected below 1",
    ],
    ["mm1k --places 4", /--arrivals-per-second is missing.*\n.*--service-seconds is missing/],
    ["mmc --arrivals-per-second 2 --service-seconds 1", "one of --servers, --wait-seconds, or --late-share"],
    ["mmc --arrivals-per-second -2 --service-seconds 1 --wait-seconds 1", "--arrivals-per-second is -2"],
    ["mva --customers 1.5 --queue-seconds 1,-1", /--customers is 1\.5.*\n.*--queue-seconds is -1/],
    [
      "sliding-session --timeout-minutes 0 --think-mean-seconds 1 --requests-mean 0.5",
      /--timeout-minutes is 0.*\n.*--requests-mean is 0\.5/,
    ],
    [
      "sliding-session --timeout-minutes 9 --think-mean-seconds 1 --requests-mean 5 --think-sigma 2",
      "--think-sigma is 2; expected none but with --think-law lognormal",
    ],
  ])("refuses by the name of the option: %s", async (words, message) => {
    const error = await formula(words).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
  });

  test("wrong input ends the program with exit code 2 and nothing on standard output, help with 0", () => {
    expect(runCli(["formula", "erlang-b", "--places", "3", "--erlangs", "-1"])).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
    const help = runCli(["formula", "erlang-b", "--help"]);
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toContain("sessionlab formula erlang-b --places 70000 --erlangs 73500");
  });
});
