// One database serves many applications: the rows of each carry its number behind the session id. Two servers of a farm share their
// sessions only when both arrive at the same number, so these hashes are reproduced bit for bit.
// Source: .NET reference source, sqlstateclientmanager.cs; InstallSqlState.sql, GetHashCode and TempGetAppID; AspNetSessionState,
// SqlSessionStateProviderAsync.cs.

/**
 * The number of an application that the database does not know yet.
 * @param name AppDomainAppId, such as "/LM/W3SVC/1/ROOT"; its letters' case makes no difference.
 * @returns a signed 32-bit whole number.
 */
export function applicationIdHash(name: string): number {
  const lower = name.toLowerCase();
  let hash = 5381;
  for (let at = 0; at < lower.length; at++) hash = Math.imul(hash, 33) ^ lower.charCodeAt(at);
  return hash;
}

/**
 * The key of a session's row.
 * @param application the name of the application, or the number that the database already keeps for it.
 * @returns the session id, then the number as eight lower-case hexadecimal digits.
 */
export function rowKey(sessionId: string, application: string | number): string {
  const number = typeof application === "number" ? application : applicationIdHash(application);
  return sessionId + hexadecimal(number);
}

/**
 * What the asynchronous SQL provider puts behind the session id: another hash, of the name as it is written. Rows are therefore not
 * shared between the two kinds of provider, even in one table.
 * @returns eight upper-case hexadecimal digits.
 */
export function asyncApplicationIdHash(name: string): string {
  let even = (5381 << 16) + 5381;
  let odd = even;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (at % 2 === 0) even = Math.imul(even, 33) ^ code;
    else odd = Math.imul(odd, 33) ^ code;
  }
  return hexadecimal(even + Math.imul(odd, 1_566_083_941)).toUpperCase();
}

function hexadecimal(number: number): string {
  return (number >>> 0).toString(16).padStart(8, "0");
}
