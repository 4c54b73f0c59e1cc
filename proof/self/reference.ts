// What this project is held against when nobody says: its last release, or where there is none, the commit before.

import { git } from "../../bench/against/git.ts";

/**
 * A release is a tag like v1.2.3. Where what stands here is the very release, it is held against the one before.
 * @param folder in the repository. @throws InputError where there is no git.
 */
export async function usualReference(folder: string): Promise<string> {
  const isRelease = await said(folder, ["describe", "--tags", "--exact-match", "--match", RELEASE, "HEAD"]);
  const isChanged = (await said(folder, ["status", "--porcelain", "--untracked-files=no"])) !== null;
  const from = isRelease !== null && !isChanged ? "HEAD~1" : "HEAD";
  return (await said(folder, ["describe", "--tags", "--abbrev=0", "--match", RELEASE, from])) ?? "HEAD~1";
}

const RELEASE = "v[0-9]*";

/** null for a failure and for nothing. */
async function said(folder: string, args: readonly string[]): Promise<string | null> {
  const { ok, text } = await git(folder, args);
  return ok && text.trim() !== "" ? text.trim() : null;
}
