import { afterEach, expect, test } from "vitest";
import { commandLine } from "../../cli/options.ts";

const { argv } = process;
afterEach(() => {
  process.argv = argv;
});

test.each([
  ["m1/result.json", "m1/result.json"],
  ["two words", '"two words"'],
  ["it's", `"it's"`],
  ["$(reboot)", "'$(reboot)'"],
  ["`reboot`", "'`reboot`'"],
  ["it's $HOME", "'it'\\''s $HOME'"],
])("a command to repeat carries out nothing that is only a name: %s", (word, told) => {
  process.argv = ["node", "main.ts", "compare", word];
  expect(commandLine()).toBe(`sessionlab compare ${told}`);
});
