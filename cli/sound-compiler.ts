// Loaded first: V8 13.6 (Node 24), when it compiles a running loop beside it and collects garbage meanwhile, may afterwards call another
// closure than the one it was given. Seen in one process of ten to thirty under load, with wrong figures for a consequence; never where
// such compilation waits its turn, which costs a few milliseconds at the start.

import { setFlagsFromString } from "node:v8";

setFlagsFromString("--no-concurrent-osr");
