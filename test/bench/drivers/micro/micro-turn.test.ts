import { describe, expect, test } from "vitest";
import { type Gauge, operationsOf, takeTurn } from "../../../../bench/drivers/micro/micro-turn.ts";
import { sealedCookieStore } from "../../../../bench/providers/sealed-cookie.ts";
import { type StoreOperation, storeOperations } from "../../../../config/scenario.ts";
import { strictStore } from "./strict-store.ts";

const ids = ["a", "b", "c", "d", "e"];
const parts = { ids, stateBytes: 3_000, timeoutMs: 1_200_000, settle: () => undefined };

/** Makes the calls, one after the other, and writes down what it measured. */
function noting(measured: string[]): Gauge {
  return async (operation, calls, call) => {
    for (let index = 0; index < calls; index++) {
      measured.push(operation);
      await call(index);
    }
  };
}

describe("a turn", () => {
  test.each([false, true])(
    "makes every call in a state in which a session module makes it (answers later: %s)",
    async (later) => {
      const store = strictStore({ later });
      const measured: string[] = [];
      await takeTurn({ ...parts, store, gauge: noting(measured) });
      const counts = Object.fromEntries(
        operationsOf(store).map((name) => [name, measured.filter((one) => one === name).length]),
      );
      expect(counts).toEqual({
        createUninitializedItem: 5,
        getItem: 5,
        resetItemTimeout: 5,
        getItemExclusive: 5,
        releaseItemExclusive: 5,
        setAndReleaseItemExclusive: 5,
        removeItem: 5,
      });
      expect(store.stored()).toBe(0);
      expect(store.written).toEqual(new Array(10).fill(3_000));
    },
  );

  test.each(storeOperations)(
    "measures %s alone where nothing else is asked for, and keeps to the contract",
    async (name) => {
      const store = strictStore();
      const measured: string[] = [];
      await takeTurn({ ...parts, store, operations: [name], passes: 3, gauge: noting(measured) });
      const leavesAsItWas = name === "getItem" || name === "resetItemTimeout";
      expect(measured).toEqual(new Array(leavesAsItWas ? 15 : 5).fill(name));
      expect(store.stored()).toBe(0);
    },
  );

  test("measures no locks where a provider has none, and needs them not", async () => {
    const store = strictStore({ capabilities: { exclusiveLocks: false } });
    const measured: string[] = [];
    await takeTurn({ ...parts, store, gauge: noting(measured) });
    expect(new Set(measured)).toEqual(
      new Set(["createUninitializedItem", "getItem", "resetItemTimeout", "setAndReleaseItemExclusive", "removeItem"]),
    );
    expect(store.stored()).toBe(0);
  });

  test("follows a session held by its client under its new ids", async () => {
    const store = sealedCookieStore({ clock: () => 0, minuteMs: 60_000, compress: false });
    const measured: string[] = [];
    await takeTurn({ ...parts, stateBytes: 500, store, gauge: noting(measured) });
    expect(new Set(measured)).toEqual(new Set(["getItem", "resetItemTimeout", "setAndReleaseItemExclusive"]));
  });

  test("settles after each preparation, before what follows is measured", async () => {
    const order: string[] = [];
    const gauge: Gauge = async (operation: StoreOperation, calls, call) => {
      for (let index = 0; index < calls; index++) await call(index);
      order.push(operation);
    };
    await takeTurn({ ...parts, store: strictStore(), gauge, settle: () => order.push("settled") });
    expect(order).toEqual([
      "createUninitializedItem",
      "settled",
      "getItem",
      "resetItemTimeout",
      "getItemExclusive",
      "releaseItemExclusive",
      "settled",
      "setAndReleaseItemExclusive",
      "settled",
      "removeItem",
    ]);
  });

  test("fails when the store lost a session on the way", async () => {
    const store = { ...strictStore(), removeItem: () => false };
    const turn = takeTurn({ ...parts, store, gauge: noting([]) });
    await expect(turn).rejects.toThrow("did not remove");
  });
});
