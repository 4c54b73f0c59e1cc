import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startOwnStore } from "../../../bench/servers/own-store.ts";
import { InputError } from "../../../config/problem.ts";
import { temporaryFolder } from "../temporary-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a store that the machine does not let us start is no fault of ours", () => {
  test("temporary files cannot be made", async () => {
    const nowhere = path.join(await temporaryFolder(), "gone");
    vi.stubEnv("TMPDIR", nowhere);
    const starting = startOwnStore({ provider: "sqlite", module: null }, 1_000);
    await expect(starting).rejects.toBeInstanceOf(InputError);
    await expect(starting).rejects.toThrow(/^Cannot start a store: store\.provider is sqlite; .* ENOENT.*gone/);
  });

  test("its program ends at once", async () => {
    const bin = await temporaryFolder();
    await writeFile(path.join(bin, "redis-server"), "#!/bin/sh\necho 'no room left on device'\nexit 1\n", {
      mode: 0o755,
    });
    vi.stubEnv("PATH", bin);
    const starting = startOwnStore({ provider: "redis", module: null }, 1_000);
    await expect(starting).rejects.toBeInstanceOf(InputError);
    await expect(starting).rejects.toThrow(/redis ended while starting:\s+no room left on device; see to it/);
  });
});
