// A port of the loopback address for a server that will be killed and started again on it. Systems give their clients' sockets ports
// from 32768 (Linux) or 49152 up; a port below can be held by no client while the server is down, least of all by one that tries to
// reconnect and meets itself.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const PORT_MIN = 20_000;
const PORT_END = 32_768;
const TRIES_MAX = 100;

/** @returns a port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = randomInt(PORT_MIN, PORT_END);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 from ${PORT_MIN} to ${PORT_END - 1} in ${TRIES_MAX} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host: "127.0.0.1", port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
