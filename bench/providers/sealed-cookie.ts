// Sessions without a store: the client's cookie is the session, encrypted and signed, with the moment it ends inside. The server
// remembers nothing, so there are no locks, the last of two writers wins, and an old cookie sent again brings its old session back,
// even after an abandon. Only a call that answers with an id can slide the expiry: a read-only page cannot.
// Source: RFC 6265bis (a name and value of 4096 bytes at most are kept); NIST SP 800-38D (AES-GCM); the way of cookie-session and iron-session.

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { InputError } from "../../config/problem.ts";
import type { Clock } from "../clock.ts";
import { decodeItem, encodeItem } from "./item/item-codec.ts";
import { toTimeoutMinutes } from "./item/timeout-minutes.ts";
import type { GetResult, LockId, SessionItem, SessionStore } from "./session-store.ts";
import { StoreError } from "./store-error.ts";

export interface SealedCookieOptions {
  /** Of a time that servers and restarts agree on: milliseconds since 1970. */
  readonly clock: Clock;
  /** What a minute of session timeout lasts in real time. */
  readonly minuteMs: number;
  readonly compress: boolean;
  /** At least 32 characters, the same on every server. Absent: drawn anew, so that sessions end with the process. */
  readonly secret?: string;
  /** Counts towards what a browser keeps. */
  readonly cookieName?: string;
}

/** Of the cookie's name and value together; a browser drops a larger one silently. */
export const COOKIE_BYTES_MAX = 4096;
const SECRET_CHARACTERS_MIN = 32;

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Signed along: tells a cookie apart from what the same secret may seal elsewhere, and from other versions of this form. */
const PURPOSE = "sessionlab sealed cookie 1";

/** There is no lock to own; a caller is given a lock id all the same, so that it releases and by that slides the expiry. */
const NO_LOCK: LockId = 0;

const missing: GetResult = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

interface Seal {
  readonly key: Buffer;
  readonly purpose: Buffer;
}

interface Session {
  readonly expiresAtMs: number;
  /** As item-codec.ts has it. */
  readonly item: Uint8Array;
}

/**
 * @returns a store whose ids are cookie values: set, release and reset answer with the one to be sent from then on. What is tampered
 * with, cut short or past its time is no session. Setting throws a StoreError when the session does not fit into a cookie.
 * @throws InputError when the secret is too short.
 */
export function sealedCookieStore(options: SealedCookieOptions): SessionStore {
  const { clock, minuteMs, compress, secret, cookieName = "ASP.NET_SessionId" } = options;
  // A cookie from before compression was switched on or off is then unknown, and not an error.
  const seal: Seal = {
    key: secret === undefined ? randomBytes(KEY_BYTES) : keyFrom(secret),
    purpose: Buffer.from(compress ? `${PURPOSE}, deflated` : PURPOSE),
  };

  /** Expired only after its last moment, as in process. */
  function find(id: string): Session | null {
    const session = cookieName.length + id.length > COOKIE_BYTES_MAX ? null : unseal(id, seal);
    return session === null || session.expiresAtMs < clock() ? null : session;
  }

  function read(id: string, lockId: LockId | null): GetResult {
    const session = find(id);
    if (session === null) return missing;
    const { timeoutMinutes, items } = decodeItem(session.item, { compressed: compress });
    return { ...missing, item: { items, timeoutMs: timeoutMinutes * minuteMs }, lockId };
  }

  function write({ items, timeoutMs }: SessionItem): string {
    const timeoutMinutes = toTimeoutMinutes(timeoutMs, minuteMs);
    const item = encodeItem({ timeoutMinutes, items }, { compress });
    const id = sealed({ expiresAtMs: clock() + timeoutMinutes * minuteMs, item }, seal);
    const bytes = cookieName.length + id.length;
    if (bytes > COOKIE_BYTES_MAX) throw tooLarge(bytes);
    return id;
  }

  /** The same session with its whole time before it again. */
  function slide(id: string): string | undefined {
    const session = find(id);
    if (session === null) return undefined;
    const { timeoutMinutes } = decodeItem(session.item, { compressed: compress });
    return sealed({ expiresAtMs: clock() + timeoutMinutes * minuteMs, item: session.item }, seal);
  }

  return {
    capabilities: {
      exclusiveLocks: false,
      sessionEnd: false,
      survivesRecycle: secret !== undefined,
      sharedBetweenServers: secret !== undefined,
      liveReferences: false,
      heldByClient: true,
    },
    getItem: (id) => read(id, null),
    getItemExclusive: (id) => read(id, NO_LOCK),
    setAndReleaseItemExclusive: (_id, item) => write(item),
    releaseItemExclusive: (id) => slide(id),
    removeItem: (id) => find(id) !== null,
    resetItemTimeout: (id) => slide(id),
    /** There is nowhere to put it: an unknown id is no cookie of ours, and stays unknown. */
    createUninitializedItem: () => undefined,
  };
}

/** A secret is words or hexadecimal digits; the key is 256 bits that cannot be guessed faster than the secret. */
function keyFrom(secret: string): Buffer {
  if (secret.length < SECRET_CHARACTERS_MIN) {
    throw new InputError("Cannot seal cookies", [
      {
        at: "secret",
        given: secret === "" ? "" : `${secret.length} characters long`,
        expected: `at least ${SECRET_CHARACTERS_MIN} characters`,
        mend: "draw one with `openssl rand -hex 32`, or leave it out to get one for this process alone",
      },
    ]);
  }
  return scryptSync(secret, PURPOSE, KEY_BYTES);
}

/** base64url of nonce, encrypted expiry and item, and tag. */
function sealed({ expiresAtMs, item }: Session, { key, purpose }: Seal): string {
  const nonce = randomBytes(NONCE_BYTES);
  const expiry = Buffer.alloc(8);
  expiry.writeDoubleLE(expiresAtMs);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(purpose);
  return Buffer.concat([
    nonce,
    cipher.update(expiry),
    cipher.update(item),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString("base64url");
}

/** null for everything that was not sealed with this key, to the last bit. */
function unseal(id: string, { key, purpose }: Seal): Session | null {
  const whole = Buffer.from(id, "base64url");
  if (whole.length < NONCE_BYTES + 8 + TAG_BYTES || whole.toString("base64url") !== id) return null;
  const decipher = createDecipheriv(CIPHER, key, whole.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(purpose).setAuthTag(whole.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(whole.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return { expiresAtMs: plain.readDoubleLE(0), item: plain.subarray(8) };
  } catch {
    return null;
  }
}

function tooLarge(bytes: number): StoreError {
  return new StoreError(
    "state",
    `The session takes ${bytes} bytes as a cookie, and a browser keeps ${COOKIE_BYTES_MAX}: put less into the session, set ` +
      "compressionEnabled, or keep sessions in a store on the server.",
  );
}
