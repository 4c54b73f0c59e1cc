// Loaded first. V8 13.6 (Node 24), when it compiles a running loop in the background while garbage is collected, may afterwards call
// another closure than the one the loop was given, and figures come out wrong: on a busy machine one process in a hundred or fewer, where
// compilation is slowed down one in ten. Never seen where such compilation is done in the foreground, at a few milliseconds.

import { setFlagsFromString } from "node:v8";

setFlagsFromString("--no-concurrent-osr");
