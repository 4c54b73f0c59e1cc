// No more than so many requests at the site at one time, as behind a proxy with a pool of connections, or from a client with one: who
// is due meanwhile waits for his turn, first come, first served. That wait is no lateness of the generator (start lag) and no work of
// the site (service time); in the response time it counts like any other, for a visitor it is all the same. Whoever looks at service
// time alone does not see it: a site that stalls for a second then holds up a handful of requests, and hides all the others.
// Source: Gil Tene, "How NOT to Measure Latency" (coordinated omission).

import type { Clock } from "../../clock.ts";
import type { HttpClient } from "./http-client.ts";

/** @param connectionsMax at least 1. */
export function limitConnections(client: HttpClient, connectionsMax: number, clock: Clock): HttpClient {
  const waiting: (() => void)[] = [];
  let taken = 0;
  let closed = false;

  /** Hands the place on, or gives it back. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  }

  return {
    async send(request) {
      const dueAtMs = clock();
      if (taken < connectionsMax) taken++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      const queuedMs = clock() - dueAtMs;
      try {
        if (closed) return { kind: "broken", failure: "never sent" };
        const reply = await client.send(request);
        return reply.kind === "answered" ? { ...reply, queuedMs } : reply;
      } finally {
        leave();
      }
    },
    inFlight: () => client.inFlight() + waiting.length,
    close() {
      closed = true;
      client.close();
    },
  };
}
