// Database servers refuse to run as root, or ought to. When we are root they run as a user without rights, who must be able to reach
// their program and their data.

import { chown, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * @returns the user `nobody` when we are root, null when we are somebody else and servers may run as ourselves.
 * @throws InputError when there is no such user.
 */
export async function unprivilegedUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const users = await readFile("/etc/passwd", "utf8");
  const match = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users);
  if (match === null) {
    throw new InputError("Cannot start a server as root", [
      { at: "/etc/passwd", given: "", expected: "a user nobody", mend: "run as another user than root" },
    ]);
  }
  return { name: "nobody", uid: Number(match[1]), gid: Number(match[2]) };
}

/** Makes the user own the folder. @throws InputError when a folder on the way there is closed to the user. */
export async function giveFolder(folder: string, user: SystemUser): Promise<void> {
  await chown(folder, user.uid, user.gid);
  await checkReachable(path.dirname(folder), user, "set TMPDIR to a folder that every user may enter, such as /tmp");
}

/** @throws InputError naming the first folder, from the root down to `file`'s, that the user may not enter. */
export async function checkReachable(folder: string, user: SystemUser, mend: string): Promise<void> {
  for (let parent = folder; parent !== path.dirname(parent); parent = path.dirname(parent)) {
    const { mode } = await stat(parent);
    if ((mode & 0o001) === 0) {
      throw new InputError(`Cannot start a server as user ${user.name}`, [
        { at: parent, given: (mode & 0o777).toString(8), expected: "a folder that every user may enter", mend },
      ]);
    }
  }
}
