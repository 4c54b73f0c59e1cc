import { describe, expect, test } from "vitest";
import { chooseAgainst } from "../../../cli/against/against-choice.ts";
import type { BenchCommandOptions } from "../../../cli/bench/bench-options.ts";

const candidate: BenchCommandOptions = {
  driver: "micro",
  provider: "redis",
  connection: ["redis://:secret@here"],
  seconds: 1,
};

describe("--against", () => {
  test("names a commit, be there an = in it", () => {
    expect(chooseAgainst(["HEAD~1"], candidate)).toEqual({ kind: "commit", ref: "HEAD~1" });
    expect(chooseAgainst(["wip=redis"], candidate)).toEqual({ kind: "commit", ref: "wip=redis" });
  });

  test("names another store, which is not where the candidate's is", () => {
    const choice = chooseAgainst(["provider=postgres"], candidate);
    expect(choice).toMatchObject({ kind: "variant", title: "provider=postgres", scenario: null });
    expect(choice).toMatchObject({ options: { driver: "micro", provider: "postgresql", seconds: 1 } });
    expect(choice).toHaveProperty("options.connection", undefined);
  });

  test("names another place of the same store, and never tells it", () => {
    const choice = chooseAgainst(["connection=redis://:other@there"], candidate);
    expect(choice).toMatchObject({ options: { provider: "redis", connection: ["redis://:other@there"] } });
    expect(choice).toHaveProperty("title", "the other connection");
  });

  test("names another scenario with its store", () => {
    const choice = chooseAgainst(["scenario=other.yaml", "mode=InProc"], candidate);
    expect(choice).toMatchObject({
      scenario: "other.yaml",
      options: { mode: "InProc" },
      title: "scenario=other.yaml, mode=InProc",
    });
    expect(choice).toHaveProperty("options.provider", undefined);
  });

  test.each([
    [["HEAD", "v1"], /HEAD, v1; expected one commit/],
    [["HEAD", "provider=redis"], /a commit or another store, not both/],
    [["provider="], /write "provider=…"/],
    [["mode=InProc", "mode=Off"], /"mode=" twice/],
    [["provider=reddis"], /--provider is "reddis"/],
  ])("%j is refused", (given, message) => {
    expect(() => chooseAgainst(given, candidate)).toThrow(message);
  });
});
