// simjs 2 was built for a page: it exports nothing, but hands its classes over as window.Sim.

import { createRequire } from "node:module";

interface Timer {
  done<A>(callback: (argument: A) => void, context: unknown, argument: A): Timer;
  done(callback: () => void): Timer;
}

/** The part of a simjs entity that the model uses. */
declare class SimjsEntity {
  time(): number;
  setTimer(delay: number): Timer;
}

interface SimjsSim {
  addEntity<E extends SimjsEntity & { start(argument: A): void }, A>(kind: new () => E, name: string, argument: A): E;
  simulate(endTime: number): boolean;
}

export interface Simjs {
  readonly Sim: new () => SimjsSim;
  readonly Entity: typeof SimjsEntity;
}

export function loadSimjs(): Simjs {
  const page: { Sim?: Simjs } = {};
  Object.assign(globalThis, { window: page });
  try {
    createRequire(import.meta.url)("simjs");
  } finally {
    Reflect.deleteProperty(globalThis, "window");
  }
  if (page.Sim === undefined) throw new Error("simjs did not hand over its classes");
  return page.Sim;
}
