// MariaDB and MySQL tell their version differently, and are told apart by it.

/** @param version as `version()` answers: "10.11.19-MariaDB-ubu2204" or "8.4.2". @returns "MariaDB 10.11.19" or "MySQL 8.4.2". */
export function engineName(version: string): string {
  const name = /mariadb/i.test(version) ? "MariaDB" : "MySQL";
  // Old MariaDB servers put 5.5.5- before their own version, for clients that look at the first digit only.
  return `${name} ${/(\d+\.\d+\.\d+)/.exec(version.replace(/^5\.5\.5-/, ""))?.[1] ?? version}`;
}
