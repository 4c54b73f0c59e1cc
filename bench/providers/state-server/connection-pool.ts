// Connections that are kept open between requests. Who comes takes the one given back last, so that at quiet times the others lie
// idle long enough to be closed. There is no upper limit unless one is asked for.
// Source: .NET reference source, ResourcePool.cs, and OutOfProcStateClientManager.cs (5 s, int.MaxValue).

import type { ClientConnection } from "./client-connection.ts";

export interface ConnectionPool {
  /**
   * A connection for one request; `null` when none was free in time, which happens only under a limit.
   * It answers at once unless a limit is reached.
   */
  take(timeLeftMs: number): ClientConnection | Promise<ClientConnection | null>;
  /** Back from a request, still open. */
  give(connection: ClientConnection): void;
  /** It can no longer be used. Closed ones must be told of here, whoever has them. */
  forget(connection: ClientConnection): void;
  /** Closes those that nobody uses. */
  clear(): void;
  /** Open connections, those in use too. */
  size(): number;
  /** Closes all, those in use too. */
  close(): void;
}

export interface PoolSettings {
  /** At each beat, those that nobody took since the last one are closed. */
  readonly idleCloseMs: number;
  /** null: no limit. */
  readonly connectionsMax: number | null;
}

export function createConnectionPool(
  { idleCloseMs, connectionsMax }: PoolSettings,
  open: () => ClientConnection,
): ConnectionPool {
  const all = new Set<ClientConnection>();
  const idle: ClientConnection[] = [];
  const waiting: ((connection: ClientConnection | null) => void)[] = [];
  /** The first so many of `idle` have lain there since the last beat. */
  let untouched = 0;
  let beat: ReturnType<typeof setInterval> | null = null;

  function openNew(): ClientConnection {
    const connection = open();
    all.add(connection);
    return connection;
  }

  function closeUntouched(): void {
    for (const connection of idle.splice(0, untouched)) connection.destroy();
    untouched = idle.length;
    if (untouched > 0 || beat === null) return;
    clearInterval(beat);
    beat = null;
  }

  function wait(timeLeftMs: number): Promise<ClientConnection | null> {
    return new Promise((resolve) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(answer), 1);
        resolve(null);
      };
      const timer = timeLeftMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(giveUp, Math.max(0, timeLeftMs));
      const answer = (connection: ClientConnection | null) => {
        clearTimeout(timer);
        resolve(connection);
      };
      waiting.push(answer);
    });
  }

  return {
    take(timeLeftMs) {
      const connection = idle.pop();
      if (connection !== undefined) {
        untouched = Math.min(untouched, idle.length);
        return connection;
      }
      return connectionsMax === null || all.size < connectionsMax ? openNew() : wait(timeLeftMs);
    },
    give(connection) {
      const next = waiting.shift();
      if (next !== undefined) {
        next(connection);
        return;
      }
      idle.push(connection);
      beat ??= setInterval(closeUntouched, idleCloseMs).unref();
    },
    forget(connection) {
      all.delete(connection);
      const index = idle.indexOf(connection);
      if (index >= 0) idle.splice(index, 1);
      if (index >= 0 && index < untouched) untouched--;
      if (waiting.length > 0) waiting.shift()?.(openNew());
    },
    clear() {
      for (const connection of idle.splice(0)) connection.destroy();
      untouched = 0;
    },
    size: () => all.size,
    close() {
      for (const answer of waiting.splice(0)) answer(null);
      for (const connection of [...all]) connection.destroy();
      if (beat !== null) clearInterval(beat);
      beat = null;
    },
  };
}
