// A connection string that leads to the proxy says all else as before: user, password, database and options.

import { describe, expect, test } from "vitest";
import { proxyableConnection } from "../../../bench/faults/proxied-connection.ts";
import type { StoreProvider } from "../../../config/scenario.ts";

function take(provider: StoreProvider, text: string) {
  return proxyableConnection({ provider, module: null }, text);
}

describe("where a connection leads, and the same through port 999 of the proxy", () => {
  test.each([
    ["state-server", "tcpip=loopback:42424", "127.0.0.1", 42424, "tcpip=127.0.0.1:999"],
    ["state-server", "tcpip=[::1]:42424", "::1", 42424, "tcpip=127.0.0.1:999"],
    [
      "postgresql",
      "postgresql://u:p%40x@db.example:5433/x?pool_max=3",
      "db.example",
      5433,
      "postgresql://u:p%40x@127.0.0.1:999/x?pool_max=3",
    ],
    ["postgresql", "postgres://u@db/x?sslmode=disable", "db", 5432, "postgres://u@127.0.0.1:999/x?sslmode=disable"],
    ["mariadb", "mariadb://u:p@[::1]/d", "::1", 3306, "mariadb://u:p@127.0.0.1:999/d"],
    ["redis", "redis://:p@h/2", "h", 6379, "redis://:p@127.0.0.1:999/2"],
    ["redis", "h:1234,password=a=b,defaultDatabase=1", "h", 1234, "127.0.0.1:999,password=a=b,defaultDatabase=1"],
    ["express-session", "redis://127.0.0.1:7000", "127.0.0.1", 7000, "redis://127.0.0.1:999"],
  ] as const)("%s %s", (provider, text, host, port, through) => {
    const connection = take(provider, text);
    expect(connection?.target).toEqual({ host, port });
    expect(connection?.through(999)).toBe(through);
  });
});

test.each([
  ["redis", "rediss://h", "a certificate names its host"],
  ["redis", "h:6380,ssl=true,password=x", "a certificate names its host"],
  ["postgresql", "postgres://a@b/c?sslmode=require", "a certificate names its host"],
  ["sqlite", "/tmp/sessions.db", "a file"],
  ["sealed-cookie", "c2VjcmV0", "a key"],
  ["module", "redis://h", "who knows what a module makes of it"],
  ["state-server", "nonsense", "not a connection"],
] as const)("%s %s cannot be led through a proxy: %s", (provider, text, _) => {
  expect(take(provider, text)).toBeNull();
});
