// The state service as a store: ASP.NET's StateServer mode seen from the web server. Each call of the provider contract is one
// request on the wire. A late writer, whose lock somebody broke, is told nothing: its 423 or 404 is ignored, as ASP.NET does.
// Source: .NET reference source, OutOfProcStateClientManager.cs; [MS-ASP].

import { randomUUID } from "node:crypto";
import { assert } from "../../../config/assert.ts";
import {
  maskSecrets,
  parseStateConnectionString,
  type StateServerAddress,
} from "../../../config/connection-strings.ts";
import { InputError } from "../../../config/problem.ts";
import { machineClock } from "../../clock.ts";
import {
  type ByteGetResult,
  type ByteStore,
  type ByteStoreOptions,
  lockingOutOfProcess,
  noSuchSession,
} from "../byte-store.ts";
import type { LockId } from "../session-store.ts";
import { type Exchanged, openClientConnection, type WireRequest } from "./client-connection.ts";
import { badRequest, cannotMakeRequest, failedExchange, failedProbe, notAStateServer, tooOld } from "./client-error.ts";
import { createConnectionPool } from "./connection-pool.ts";
import { lockAgeMs } from "./lock-age.ts";
import { createRequestWriter, type WireForm, wireFormDefault } from "./request-writer.ts";
import type { Answer } from "./response-parser.ts";

/** What ASP.NET leaves no choice about, or what nobody has confirmed of it. */
export interface ClientSettings extends WireForm {
  /** null, as in ASP.NET: as many connections as there are requests at one time. */
  readonly connectionsMax: number | null;
  readonly idleCloseMs: number;
  /** A longer body is not read: the protocol knows no bound but that of its 32-bit Content-Length. */
  readonly responseBytesMax: number;
}

const clientSettingsDefault: ClientSettings = {
  ...wireFormDefault,
  connectionsMax: null,
  idleCloseMs: 5000,
  responseBytesMax: 256 * 1024 * 1024,
};

const VERSION_MAJOR_MIN = 2;
const INITIALIZE = 1;
/**
 * Opens a store at a state service. Of the options it heeds applicationId and networkTimeoutMs, which bounds each request whole,
 * from connecting to the last byte. Timeouts cross the wire in whole minutes; how long a minute lasts is for the service to know.
 * @param connection `tcpip=host:port`; the host `loopback` is 127.0.0.1.
 * @throws InputError when the connection is malformed; StoreError "unreachable" when nobody listens, "timeout" when nobody answers,
 *   "protocol" when who answers is no state service or one older than 2.0.
 */
export async function openStateServerStore(
  connection: string,
  options: ByteStoreOptions,
  settings: Partial<ClientSettings> = {},
): Promise<ByteStore> {
  const address = addressOf(connection);
  const { connectionsMax, idleCloseMs, responseBytesMax, ...wireForm } = { ...clientSettingsDefault, ...settings };
  const networkTimeoutMs = options.networkTimeoutMs ?? Number.POSITIVE_INFINITY;
  const write = createRequestWriter(address, options.applicationId, wireForm);
  const pool = createConnectionPool({ idleCloseMs, connectionsMax }, () =>
    openClientConnection(address, responseBytesMax, (gone) => pool.forget(gone)),
  );
  let closed = false;

  /** Has a sound connection carry the request, and keeps it for the next one. */
  async function carry(request: WireRequest, giveUpAtMs: number): Promise<{ used: boolean; exchanged: Exchanged }> {
    for (;;) {
      if (closed) throw cannotMakeRequest("unreachable", new Error("the store has been closed"));
      const connection = await pool.take(giveUpAtMs - machineClock());
      if (connection === null && !closed) {
        throw cannotMakeRequest("timeout", new Error("no connection was free in time"));
      }
      if (!connection?.open()) continue;
      const used = connection.answers() > 0;
      const exchanged = await connection.exchange(request, giveUpAtMs - machineClock());
      if (connection.open()) pool.give(connection);
      return { used, exchanged };
    }
  }

  async function ask(request: WireRequest): Promise<Answer> {
    const giveUpAtMs = machineClock() + networkTimeoutMs;
    for (let mayRepeat = request.repeatable; ; mayRepeat = false) {
      const { used, exchanged } = await carry(request, giveUpAtMs);
      if (exchanged.kind === "answered") return checked(exchanged.answer);
      // The service may close a connection that lies idle, and the request may cross with that. What else lies idle is no better.
      const stale = used && exchanged.how === "broken" && !exchanged.answerBegun;
      if (stale) pool.clear();
      if (!stale || !mayRepeat) throw failedExchange(address, exchanged, request.body?.length ?? 0);
    }
  }

  /** For the operations of which ASP.NET learns nothing but that the request was in order. */
  async function tell(request: WireRequest): Promise<void> {
    await ask(request);
  }

  async function get(id: string, exclusive: boolean): Promise<ByteGetResult> {
    const answer = await ask(exclusive ? write.acquire(id) : write.get(id));
    if (answer.status === 404) return noSuchSession;
    const initialize = (answer.actionFlags & INITIALIZE) !== 0;
    if (answer.status === 423) {
      return { item: null, locked: true, lockAgeMs: lockAgeMs(answer), lockId: answer.lockCookie, initialize };
    }
    const { body, timeoutMinutes, lockCookie } = answer;
    if (answer.contentLength === null) throw notAStateServer(address, "sent a session without Content-Length");
    if (body.length === 0) return noSuchSession;
    if (timeoutMinutes === null) throw notAStateServer(address, "sent a session without Timeout");
    if (exclusive && lockCookie === null) throw notAStateServer(address, "locked a session without a LockCookie");
    const item = { bytes: body, timeoutMinutes };
    return { item, locked: false, lockAgeMs: 0, lockId: exclusive ? lockCookie : null, initialize };
  }

  return {
    capabilities: lockingOutOfProcess,
    engine: `ASP.NET state service (X-AspNet-Version ${await peerVersion()})`,
    getItem: (id) => get(id, false),
    getItemExclusive: (id) => get(id, true),
    setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
      tell(write.set(id, item, newItem || lockId === null ? 0 : cookieOf(lockId))),
    releaseItemExclusive: (id, lockId) => tell(write.release(id, cookieOf(lockId))),
    async removeItem(id, lockId) {
      const answer = await ask(write.remove(id, lockId === null ? null : cookieOf(lockId)));
      return answer.status === 200;
    },
    resetItemTimeout: (id) => tell(write.resetTimeout(id)),
    createUninitializedItem: (id, empty) => tell(write.setUninitialized(id, empty)),
    async close() {
      closed = true;
      pool.close();
    },
  };

  /** Asks after a session that never was. A state service says so, and names its version; others do not. */
  async function peerVersion(): Promise<string> {
    try {
      const probe = write.resetTimeout(`probe-${randomUUID()}`);
      const { exchanged } = await carry(probe, machineClock() + networkTimeoutMs);
      if (exchanged.kind === "failed") throw failedProbe(address, exchanged);
      const { status, version } = exchanged.answer;
      if (version === null) throw notAStateServer(address, "names no X-AspNet-Version");
      if (checked(exchanged.answer).status !== 404) {
        throw notAStateServer(address, `answers ${status} for a session that never was`);
      }
      return version;
    } catch (error) {
      pool.close();
      throw error;
    }
  }
}

function checked(answer: Answer): Answer {
  if (answer.status === 400) throw badRequest();
  if (answer.version !== null && !(Number.parseInt(answer.version, 10) >= VERSION_MAJOR_MIN))
    throw tooOld(answer.version);
  return answer;
}

function cookieOf(lockId: LockId): number {
  assert(typeof lockId === "number", "the locks of a state service are numbers");
  return lockId;
}

function addressOf(connection: string): StateServerAddress {
  const address = parseStateConnectionString(connection);
  if (address === undefined) {
    throw new InputError("Cannot open the state server", [
      {
        at: "stateConnectionString",
        given: `"${maskSecrets(connection)}"`,
        expected: "tcpip=<server>:<port>, the server in ASCII, the port from 0 to 65535",
        mend: 'as in "tcpip=127.0.0.1:42424"',
      },
    ]);
  }
  return { ...address, host: address.host.toLowerCase() === "loopback" ? "127.0.0.1" : address.host };
}
