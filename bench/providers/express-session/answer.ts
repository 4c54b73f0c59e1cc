// How the methods of an express-session store answer: by calling back, by a promise, by throwing, or not at all.

import { codeOf, storeErrorOf } from "../foreign-error.ts";
import { StoreError } from "../store-error.ts";
import type { StoreCallback } from "./shape.ts";

/**
 * The answer by callback or by promise, whichever comes first. A promise of nothing counts only where the store takes no callback:
 * an async function may well resolve before it calls back.
 * @param parameters how many parameters the method declares for callbacks: 0 or below where it can only answer by a promise.
 */
export function answerOf(
  who: string,
  parameters: number,
  timeoutMs: number | null,
  call: (callback: StoreCallback) => unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = timeoutMs === null ? undefined : setTimeout(tooLate, timeoutMs);
    function tooLate(): void {
      reject(new StoreError("timeout", `${who}: no answer within ${timeoutMs} ms`));
    }
    function fail(error: unknown): void {
      clearTimeout(timer);
      reject(storeErrorOf(error, who));
    }
    function answer(value: unknown): void {
      clearTimeout(timer);
      resolve(value);
    }
    try {
      const returned = call((error, value) => (error ? fail(error) : answer(value)));
      if (!isThenable(returned)) return;
      returned.then((value) => {
        if (value !== undefined || parameters <= 0) answer(value);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** A store may answer a get of an unknown id with this error: express-session takes it for "no such session". */
export function isNoEntry(error: unknown): boolean {
  return error instanceof StoreError && codeOf(error.cause) === "ENOENT";
}
