// Asks for a page as a browser does: with the cookies it has, following redirects, and remembering where it came out.

import type { Clock } from "../../clock.ts";
import type { CookieJar } from "./cookie-jar.ts";
import type { ClientRequest, Reply } from "./http-client.ts";
import { followTo, segmentOf } from "./redirects.ts";

/** Who asks. */
export interface Surfer {
  readonly jar: CookieJar;
  readonly address: string;
  readonly userAgent: string;
  /** "/(S(…))", where the site has put the session there, with the path before it: links of its pages are relative and keep it. Else empty. */
  segment: string;
}

export interface BrowserParts {
  readonly send: (request: ClientRequest) => Promise<Reply>;
  /** While there is no worker to take requests, the port of the one to come. */
  readonly port: () => number | Promise<number>;
  /** "http://127.0.0.1:8080", for a site whose redirects name it; one to elsewhere is not followed. */
  readonly origin?: string;
  readonly clock: Clock;
  /** Nobody waits for a worker any longer. */
  readonly whenEnded: Promise<void>;
  readonly onRedirect: () => void;
}

/** @returns the last answer, with all the lock waits on the way to it; null when the run ended before it could be asked for. */
export type Browser = (surfer: Surfer, path: string) => Promise<Reply | null>;

/** Who is sent on more often than this for one page is sent in a circle; ASP.NET sends nobody on more than twice. */
const REDIRECTS_MAX = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export function createBrowser({ send, port, origin, clock, whenEnded, onRedirect }: BrowserParts): Browser {
  const ended = whenEnded.then(() => null);

  return async (surfer, firstPath) => {
    const { jar, address: clientAddress, userAgent } = surfer;
    let path = firstPath;
    let lockWaitMs = 0;
    let heldMs = 0;
    let queuedMs = 0;
    for (let redirects = 0; ; redirects++) {
      const known = port();
      const now = typeof known === "number" ? known : await Promise.race([ended, known]);
      if (now === null) return null;
      const reply = await send({ port: now, path, cookies: jar.header(path, clock()), clientAddress, userAgent });
      if (reply.kind === "broken") return reply;
      lockWaitMs += reply.lockWaitMs;
      heldMs += reply.heldMs ?? 0;
      queuedMs += reply.queuedMs ?? 0;
      for (const cookie of reply.setCookies) jar.store(cookie, path, clock());
      const next = REDIRECTS.includes(reply.status) ? followTo(path, reply.location, origin) : null;
      if (next === null) {
        surfer.segment = segmentOf(path);
        return { ...reply, lockWaitMs, heldMs, queuedMs };
      }
      onRedirect();
      if (redirects === REDIRECTS_MAX) return { kind: "broken", failure: "too many redirects" };
      path = next;
    }
  };
}
