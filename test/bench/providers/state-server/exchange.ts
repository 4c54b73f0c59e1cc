// Reads exchange.txt: requests and answers as bytes.

import { readFileSync } from "node:fs";
import { expect } from "vitest";

export interface Exchange {
  readonly line: number;
  readonly request: Buffer;
  readonly answer: string;
}

export function readExchanges(): Exchange[] {
  const text = readFileSync(new URL("./exchange.txt", import.meta.url), "utf8");
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const messages: { kind: string; number: number; lines: string[] }[] = [];
  for (const { line, number } of lines) {
    if (line.startsWith("#")) continue;
    if (line === ">" || line === "<") messages.push({ kind: line, number, lines: [] });
    else messages.at(-1)?.lines.push(line);
  }
  const exchanges: Exchange[] = [];
  for (let at = 0; at < messages.length; at += 2) {
    const [request, answer] = messages.slice(at, at + 2);
    expect([request.kind, answer.kind], `line ${request.number}`).toEqual([">", "<"]);
    exchanges.push({
      line: request.number,
      request: bytesOf(request.lines),
      answer: bytesOf(answer.lines).toString("latin1"),
    });
  }
  return exchanges;
}

function bytesOf(lines: readonly string[]): Buffer {
  const headEnd = lines.indexOf("");
  const head = lines.slice(0, headEnd).map((line) => `${line}\r\n`);
  const body = lines.slice(headEnd + 1);
  const hex = body.filter((line) => line.startsWith("hex ")).map((line) => line.slice(4).replaceAll(" ", ""));
  const text = body.filter((line) => line.startsWith("text ")).map((line) => line.slice(5));
  return Buffer.concat([
    Buffer.from(`${head.join("")}\r\n`),
    Buffer.from(hex.join(""), "hex"),
    Buffer.from(text.join("\r\n")),
  ]);
}

/** An answer with what no two runs have in common taken out. */
export function withoutTimes(answer: string): string {
  return answer
    .replace(/^LockDate: \d{18}\r$/m, "LockDate: <ticks>\r")
    .replace(/^LockAge: \d+\r$/m, "LockAge: <age>\r");
}
