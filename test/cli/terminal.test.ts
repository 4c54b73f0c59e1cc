import { afterEach, describe, expect, test, vi } from "vitest";
import { terminal } from "../../cli/terminal.ts";

const { isTTY } = process.stdout;

afterEach(() => {
  vi.unstubAllEnvs();
  Object.assign(process.stdout, { isTTY });
});

describe("standard output", () => {
  test("takes colour on a terminal, unless NO_COLOR is set, and none in a pipe", () => {
    vi.stubEnv("NO_COLOR", "");
    Object.assign(process.stdout, { isTTY: true });
    expect(terminal().color).toBe(true);
    vi.stubEnv("NO_COLOR", "1");
    expect(terminal().color).toBe(false);
    vi.stubEnv("NO_COLOR", "");
    Object.assign(process.stdout, { isTTY: false });
    expect(terminal().color).toBe(false);
  });
});
