// The conversation of exchange.txt, replayed against the service, and the same bytes cut up and run together in every way.

import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { readExchanges, withoutTimes } from "./exchange.ts";
import { openRaw, startService } from "./raw-connection.ts";

const exchanges = readExchanges();
const everyAnswer = exchanges.map(({ answer }) => answer).join("");
const everyRequest = Buffer.concat(exchanges.map(({ request }) => request));

test("every answer is that of the fixture, byte for byte", async () => {
  expect(exchanges.length).toBe(14);
  const client = await openRaw((await startService()).port);
  for (const { line, request, answer } of exchanges) {
    const given = await client.ask(request);
    expect(withoutTimes(given.text), `line ${line}`).toBe(answer);
  }
  await client.closed;
});

async function allAnswers(
  port: number,
  send: (write: (bytes: Buffer) => Promise<void>) => Promise<void>,
): Promise<string> {
  const client = await openRaw(port);
  await send((bytes) => new Promise((resolve) => client.socket.write(bytes, () => resolve())));
  let text = "";
  for (let answer = await client.answer(); answer !== null; answer = await client.answer()) text += answer.text;
  return withoutTimes(text)
    .replaceAll(/LockDate: \d+/g, "LockDate: <ticks>")
    .replaceAll(/LockAge: \d+/g, "LockAge: <age>");
}

test("requests sent all at once are answered in their order", async () => {
  const { port } = await startService();
  expect(await allAnswers(port, (write) => write(everyRequest))).toBe(everyAnswer);
});

test("requests that arrive one byte at a time are answered just so", async () => {
  const { port } = await startService();
  const answers = await allAnswers(port, async (write) => {
    for (let at = 0; at < everyRequest.length; at++) {
      await write(everyRequest.subarray(at, at + 1));
      await turn();
    }
  });
  expect(answers).toBe(everyAnswer);
});

test("requests cut in two at any byte are answered just so", { timeout: 120_000 }, async () => {
  const { port } = await startService();
  for (let cut = 1; cut < everyRequest.length; cut++) {
    const answers = await allAnswers(port, async (write) => {
      await write(everyRequest.subarray(0, cut));
      await turn();
      await write(everyRequest.subarray(cut));
    });
    if (answers !== everyAnswer) expect(answers, `cut at byte ${cut}`).toBe(everyAnswer);
  }
});
