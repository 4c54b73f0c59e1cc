// Byte streams to throw at the state service: valid conversations with something done to them, and plain garbage. One seed, one
// series of streams.

import { createStream } from "../../../../workload/random-stream.ts";
import { readExchanges } from "./exchange.ts";

const GOLDEN_ID = "4m4irghotazmxblpyakfaw1d";

const WORDS = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "\r\n ",
  "\0",
  ":",
  " ",
  "-1",
  "0",
  "2147483647",
  "2147483648",
  "99999999999999999999",
  "+",
  "%",
  "%u",
  "%00",
  "//",
  "Content-Length: 5\r\n",
  "Content-Length: 2147483647\r\n",
  "Content-Length: -1\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Expect: 100-continue\r\n",
  "Connection: close\r\n",
  "Exclusive: acquire\r\n",
  "Exclusive: release\r\n",
  "LockCookie: 2\r\n",
  "Lock-Cookie: -2147483648\r\n",
  "ExtraFlags: 1\r\n",
  "HTTP/1.0",
  "PUT ",
  "DELETE ",
].map((word) => Buffer.from(word, "latin1"));

/** A valid timeout of many minutes would keep its session beyond the end of the test. */
const LONG_TIMEOUT = /timeout:[ \t]*\+?0*\d{3,6}[ \t]*\r?\n/i;

/** @returns what gives one stream after the other; 1 byte to some 30,000, most of them a few hundred. */
export function createFuzzStreams(seed: number): () => Buffer {
  const random = createStream(seed, "fuzz");
  const below = (end: number) => Math.floor(random.next() * end);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)];
  const requests = readExchanges().map(({ request }) => request.toString("latin1"));

  function conversation(): Buffer {
    // In the order of the fixture, so that locks are taken and given up, and by several clients for one session.
    const first = below(requests.length);
    const session = `session${below(400)}`;
    const texts = requests.slice(first, first + 1 + below(6));
    return Buffer.from(texts.join("").replaceAll(GOLDEN_ID, session), "latin1");
  }

  function garbage(bytes: number): Buffer {
    return Buffer.from(Array.from({ length: bytes }, () => below(256)));
  }

  function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
    return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(Math.min(bytes.length, at + removed))]);
  }

  function mutated(bytes: Buffer): Buffer {
    const at = below(bytes.length + 1);
    switch (below(8)) {
      case 0:
        return spliced(bytes, at, 1, garbage(1));
      case 1:
        return spliced(bytes, at, 0, pick(WORDS));
      case 2:
        return spliced(bytes, at, below(6), pick(WORDS));
      case 3:
        return spliced(bytes, at, 1 + below(40), Buffer.alloc(0));
      case 4:
        return spliced(bytes, at, 0, bytes.subarray(below(bytes.length), at + below(100)));
      case 5:
        return bytes.subarray(0, at);
      case 6:
        return spliced(bytes, at, 0, garbage(1 + below(30)));
      default:
        return below(50) === 0
          ? spliced(bytes, at, 0, Buffer.alloc(30_000, pick(WORDS)))
          : spliced(bytes, at, 2, pick(WORDS));
    }
  }

  function stream(): Buffer {
    if (below(10) === 0) return garbage(1 + below(200));
    let bytes = conversation();
    for (let mutations = below(4); mutations > 0; mutations--) bytes = mutated(bytes);
    return bytes;
  }

  return () => {
    for (;;) {
      const bytes = stream();
      if (bytes.length > 0 && !LONG_TIMEOUT.test(bytes.toString("latin1"))) return bytes;
    }
  };
}
