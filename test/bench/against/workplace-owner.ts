// Opens a workplace with a worktree in the repository it is named, tells its folder, and waits to be ended.

import { openWorkplace } from "../../../bench/against/workplace.ts";

const [repository = ""] = process.argv.slice(2);
const workplace = openWorkplace(repository);
await workplace.addWorktree("side-1", "HEAD~1");
process.stdout.write(`${workplace.folder}\n`);
process.on("SIGTERM", () => process.exit(1));
setInterval(() => undefined, 60_000);
