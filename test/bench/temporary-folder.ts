// A folder for one test, gone with it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** To be called inside a test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "sessionlab-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
