// The service beside another, plain one that was written from the same rules by somebody else: whatever is asked of both, in any
// order, both answer alike.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answer, openRaw, put, request, startService } from "./raw-connection.ts";
import { startSimpleStateServer } from "./simple-state-server.ts";

const targets = ["/%2fLM%2fapp(R5EE%3d)%2fid", "/LM/app(R5EE%3d)/id", "/LM/APP(R5EE%3d)/id"];
const cookie = fc.constantFrom(null, "0", "1", "2", "3", "4");
const step = fc.oneof(
  fc.record({ verb: fc.constant("GET"), exclusive: fc.constantFrom(null, "acquire"), cookie }),
  // A release without a cookie is an error where there is a lock; where there is none, the rules can be read either way.
  fc.record({
    verb: fc.constant("GET"),
    exclusive: fc.constant("release"),
    cookie: cookie.filter((it) => it !== null),
  }),
  fc.record({
    verb: fc.constant("PUT"),
    cookie,
    timeout: fc.constantFrom(null, "20", "30"),
    flags: fc.constantFrom(null, "0", "1"),
    body: fc.constantFrom("", "a", "state"),
  }),
  fc.record({ verb: fc.constantFrom("DELETE", "HEAD"), cookie }),
);
const anywhere = fc.tuple(fc.constantFrom(...targets), step);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function bytesOf(target: string, asked: Step): string {
  const headers = asked.cookie === null ? [] : [`LockCookie: ${asked.cookie}`];
  if ("exclusive" in asked && asked.exclusive !== null) headers.push(`Exclusive: ${asked.exclusive}`);
  if (!("body" in asked)) return request(asked.verb, target, ...headers);
  if (asked.timeout !== null) headers.push(`Timeout: ${asked.timeout}`);
  if (asked.flags !== null) headers.push(`ExtraFlags: ${asked.flags}`);
  return put(target, asked.body, ...headers);
}

/** What the rules say about an answer; names and order of other headers are each service's own. */
function essence({ status, headers, body }: Answer) {
  const told = ["Timeout", "LockCookie", "ActionFlags"];
  return { status, body: status === 400 ? "" : body, headers: headers.filter(([name]) => told.includes(name)).sort() };
}

test("both services answer every conversation alike", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anywhere, { maxLength: 25 }), async (steps) => {
      const [ours, theirs] = [await startService(), await startSimpleStateServer()];
      const [one, other] = [await openRaw(ours.port), await openRaw(theirs.port)];
      try {
        for (const [target, asked] of steps) {
          const bytes = bytesOf(target, asked);
          expect(essence(await one.ask(bytes)), bytes).toEqual(essence(await other.ask(bytes)));
        }
      } finally {
        one.socket.destroy();
        other.socket.destroy();
        await ours.stop(0);
        await theirs.stop();
      }
    }),
    { numRuns: 300, timeout: 3000 },
  );
});
