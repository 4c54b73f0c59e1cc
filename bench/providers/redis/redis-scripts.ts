// What one call of the session module does in Redis, each as one script, so that nobody comes between its commands. A session is three
// keys: its bytes, its lock while somebody holds it, and its timeout in the unit of the expiry command. The braces make one cluster
// slot of them. Source: aspnet-redis-providers, KeyGenerator.cs and RedisSessionStateConnectionWrapper.cs (version 5).

import { createHash } from "node:crypto";

export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export interface RedisScripts {
  /** [data, timeout key]. Slides both; nothing where there is no session. */
  readonly updateExpiry: Script;
  /** [data, timeout key], bytes, timeout. Whatever stood there is replaced. */
  readonly set: Script;
  /** [data, timeout key], bytes, timeout. Only where there is no session; marked as not yet initialised. */
  readonly setUninitialized: Script;
  /**
   * [lock, data, timeout key], lock id, length of the lock, "1" when an earlier try may have taken it already.
   * Answers [current lock id, bytes or nil, timeout or 0, 1 when we hold the lock, 1 when uninitialised].
   */
  readonly lockAndGet: Script;
  /** [lock, data, timeout key]. Answers [lock id or "", bytes or nil, timeout or 0, 1 when uninitialised]. */
  readonly get: Script;
  /** [lock, data, timeout key], lock id. Slides whether or not the lock is ours. */
  readonly release: Script;
  /** [lock, data, timeout key], lock id. Nothing unless the lock is ours. Answers how many sessions went. */
  readonly remove: Script;
  /** [lock, data, timeout key], lock id, bytes, timeout. Nothing unless the lock is ours; then gives it up. */
  readonly update: Script;
}

export interface SessionKeys {
  readonly data: string;
  readonly lock: string;
  readonly timeout: string;
}

const DATA_SUFFIX = "_SessionStateItemCollection";

export function sessionKeys(applicationId: string, sessionId: string): SessionKeys {
  const both = `{${applicationId}_${sessionId}}`;
  return { data: both + DATA_SUFFIX, lock: `${both}_WriteLock`, timeout: `${both}_SessionTimeout` };
}

/** The pattern, for SCAN, of the keys that hold the bytes of an application's sessions. */
export function dataKeyPattern(applicationId: string): string {
  return `{${applicationId.replace(/[\\*?[\]^]/g, "\\$&")}_*}${DATA_SUFFIX}`;
}

/**
 * The scripts with lengths of time in the unit of `expire`. The mark of an uninitialised session is a minus before its timeout: the
 * provider of ASP.NET puts an item named SessionStateActions among the others, but what we keep is not ours to look into.
 * @param timeoutWhenUnknown of a session whose timeout key is gone.
 */
export function redisScripts(expire: "EXPIRE" | "PEXPIRE", timeoutWhenUnknown: number): RedisScripts {
  const slide = (data: string, timeout: string) => `
    local stored = tonumber(redis.call('GET', ${timeout}) or 0)
    local length = math.abs(stored)
    if length > 0 then
      redis.call('${expire}', ${data}, length)
      redis.call('${expire}', ${timeout}, length)
    elseif redis.call('${expire}', ${data}, ${timeoutWhenUnknown}) == 1 then
      length = ${timeoutWhenUnknown}
      redis.call('SET', ${timeout}, length)
      redis.call('${expire}', ${timeout}, length)
    end`;
  const put = (data: string, timeout: string, bytes: string, length: string, mark = "") => `
    redis.call('SET', ${data}, ${bytes})
    redis.call('${expire}', ${data}, ${length})
    redis.call('SET', ${timeout}, ${mark === "" ? length : `'${mark}' .. ${length}`})
    redis.call('${expire}', ${timeout}, ${length})`;
  const takeMark = `
    local uninitialized = 0
    if bytes and stored < 0 then
      uninitialized = 1
      redis.call('SET', KEYS[3], length, 'KEEPTTL')
    end`;
  const unlessMine = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end";
  return {
    updateExpiry: script(slide("KEYS[1]", "KEYS[2]")),
    set: script(put("KEYS[1]", "KEYS[2]", "ARGV[1]", "ARGV[2]")),
    setUninitialized: script(`
    if redis.call('EXISTS', KEYS[1]) == 1 then return end
    ${put("KEYS[1]", "KEYS[2]", "ARGV[1]", "ARGV[2]", "-")}`),
    lockAndGet: script(`
    local mine = redis.call('SETNX', KEYS[1], ARGV[1])
    local holder = redis.call('GET', KEYS[1])
    if mine == 0 and ARGV[3] == '1' and holder == ARGV[1] then mine = 1 end
    if mine == 1 then redis.call('${expire}', KEYS[1], ARGV[2]) end
    ${slide("KEYS[2]", "KEYS[3]")}
    local bytes = mine == 1 and redis.call('GET', KEYS[2])
    ${takeMark}
    return { holder, bytes, length, mine, uninitialized }`),
    get: script(`
    local holder = redis.call('GET', KEYS[1]) or ''
    ${slide("KEYS[2]", "KEYS[3]")}
    local bytes = holder == '' and redis.call('GET', KEYS[2])
    ${takeMark}
    return { holder, bytes, length, uninitialized }`),
    release: script(`
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    ${slide("KEYS[2]", "KEYS[3]")}`),
    remove: script(`
    ${unlessMine}
    local removed = redis.call('DEL', KEYS[2])
    redis.call('DEL', KEYS[1], KEYS[3])
    return removed`),
    update: script(`
    ${unlessMine}
    ${put("KEYS[2]", "KEYS[3]", "ARGV[2]", "ARGV[3]")}
    redis.call('DEL', KEYS[1])`),
  };
}

function script(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}
