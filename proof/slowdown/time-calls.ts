// The process that times getItem of two stores in process against each other: `node time-calls.ts <module> <other module>`. Batches of
// the two take turns, thousands of them, so that what the machine does meanwhile strikes both alike. Prints nanoseconds a call of each.

import { pathToFileURL } from "node:url";
import { medianOf } from "../../metrics/confidence.ts";

interface Store {
  getItem(id: string): unknown;
  createUninitializedItem(id: string, timeoutMs: number | null): unknown;
}

interface StoreModule {
  createInProcStore(options: object): Store;
}

const CALLS_A_BATCH = 500;
const BATCHES = 6_000;
const WARM_UP_BATCHES = 600;

const files = process.argv.slice(2);
const stores = await Promise.all(files.map(openStore));
const ids = Array.from({ length: CALLS_A_BATCH }, (_, n) => `session-${n}`);
for (const store of stores) for (const id of ids) store.createUninitializedItem(id, null);
const batchesNs = stores.map(() => [] as number[]);
for (let batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch++) {
  for (let turn = 0; turn < stores.length; turn++) {
    const place = (turn + batch) % stores.length;
    const tookNs = timeBatch(stores[place]!);
    if (batch >= WARM_UP_BATCHES) batchesNs[place]!.push(tookNs / CALLS_A_BATCH);
  }
}
process.stdout.write(`${JSON.stringify(batchesNs.map(medianOf))}\n`);

async function openStore(file: string): Promise<Store> {
  const { createInProcStore } = (await import(pathToFileURL(file).href)) as StoreModule;
  const nothing = () => undefined;
  return createInProcStore({
    clock: () => performance.now(),
    expirySlideMinMs: 0,
    events: { started: nothing, ended: nothing },
  });
}

function timeBatch(store: Store): number {
  const beganNs = process.hrtime.bigint();
  for (const id of ids) store.getItem(id);
  return Number(process.hrtime.bigint() - beganNs);
}
