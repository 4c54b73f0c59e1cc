// The port of the worker that takes requests now, for whoever sends some: while there is none, he waits for the next.

export interface PortRelay {
  port(): number | Promise<number>;
  /** @param port null: there is none now. */
  set(port: number | null): void;
}

/** There is no port at first. */
export function createPortRelay(): PortRelay {
  let next = Promise.withResolvers<number>();
  let known: number | null = null;
  return {
    port: () => known ?? next.promise,
    set(port) {
      if (port === null && known !== null) next = Promise.withResolvers<number>();
      known = port;
      if (port !== null) next.resolve(port);
    },
  };
}
