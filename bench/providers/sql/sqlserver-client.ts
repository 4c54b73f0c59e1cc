// The narrow door to SQL Server: run a stored procedure, run a text, know why it failed. The driver stands behind it; its errors are
// brought to the number and severity that ADO.NET's SqlException has, for the rules of ASP.NET are written in them.
// Source: mssql 12 and tedious 19, source; .NET reference source, SqlException (Class, Number).

import sql from "mssql";
import type { SqlServerAddress } from "./sqlserver-connection.ts";

export type SqlValue = string | number | boolean | Buffer | null;

/** The types that the procedures of session state take. */
export type SqlType = "id" | "name" | "version" | "int" | "bit" | "short" | "long";

export interface SqlParameter {
  readonly name: string;
  readonly type: SqlType;
  /** Absent: an output parameter, sent as null. */
  readonly value?: SqlValue;
}

export interface SqlResult {
  /** Output parameters by their names. */
  readonly output: Readonly<Record<string, SqlValue>>;
  readonly recordsets: readonly (readonly Readonly<Record<string, SqlValue>>[])[];
  /** One number for each statement that tells. */
  readonly rowsAffected: readonly number[];
}

export interface SqlServerClient {
  /** @throws SqlServerFault */
  execute(procedure: string, parameters: readonly SqlParameter[]): Promise<SqlResult>;
  /** One batch of T-SQL. @throws SqlServerFault */
  query(text: string): Promise<SqlResult>;
  /** Drops the idle connections of the pool; those in use go when they are given back. */
  clearPool(): Promise<void>;
  close(): Promise<void>;
}

/** ADO.NET's number for a command or a connection attempt that took too long. */
export const TIMED_OUT = -2;
/** From this severity on the connection is gone. */
export const FATAL_SEVERITY = 20;
const ORDINARY_SEVERITY = 16;
/** As long as a timer can be set. */
const NEVER_MS = 2 ** 31 - 1;

export class SqlServerFault extends Error {
  override readonly name = "SqlServerFault";
  readonly number: number;
  readonly severity: number;

  constructor(message: string, number: number, severity: number) {
    super(message);
    this.number = number;
    this.severity = severity;
  }
}

export interface SqlServerLimits {
  /** 0: none. */
  readonly connectTimeoutMs: number;
  /** 0: none. */
  readonly commandTimeoutMs: number;
}

/**
 * Makes one connection, so that a bad address or login is known at once; the others as they are needed.
 * @throws SqlServerFault
 */
export async function connectSqlServer(address: SqlServerAddress, limits: SqlServerLimits): Promise<SqlServerClient> {
  const loginErrors: ServerMessage[] = [];
  let opened: Promise<sql.ConnectionPool> | undefined;

  function pool(): Promise<sql.ConnectionPool> {
    if (opened !== undefined) return opened;
    const opening = openPool(address, limits, loginErrors);
    opened = opening;
    opening.catch(() => {
      if (opened === opening) opened = undefined;
    });
    return opening;
  }

  async function run(ask: (request: sql.Request) => Promise<SqlAnswer>): Promise<SqlResult> {
    try {
      const { output, recordsets, rowsAffected } = await ask((await pool()).request());
      return { output, recordsets: recordsets as SqlResult["recordsets"], rowsAffected };
    } catch (error) {
      throw faultOf(error, loginErrors);
    }
  }

  /** What is in use is waited for. */
  async function close(): Promise<void> {
    const old = opened;
    opened = undefined;
    await (await old?.catch(() => undefined))?.close();
  }

  try {
    await pool();
  } catch (error) {
    throw faultOf(error, loginErrors);
  }
  return {
    execute: (procedure, parameters) =>
      run((request) => {
        for (const { name, type, value } of parameters) {
          if (value === undefined) request.output(name, types[type]());
          else request.input(name, types[type](), value);
        }
        return request.execute(procedure);
      }),
    query: (text) => run((request) => request.batch(text)),
    async clearPool() {
      // Nobody waits for a connection that may hang: its request ends in its own time.
      close().catch(() => undefined);
    },
    close,
  };
}

type SqlAnswer = Pick<sql.IResult<unknown>, "output" | "rowsAffected"> & { readonly recordsets: unknown };

const types: Readonly<Record<SqlType, () => sql.ISqlType>> = {
  id: () => sql.NVarChar(88),
  name: () => sql.VarChar(280),
  version: () => sql.Char(10),
  int: () => sql.Int(),
  bit: () => sql.Bit(),
  short: () => sql.VarBinary(7_000),
  long: () => sql.VarBinary(sql.MAX),
};

/** What the server says while a connection is made. The driver keeps only the last of it, which says less than the first. */
interface ServerMessage {
  readonly number: number;
  readonly class: number;
  readonly message: string;
}

async function openPool(
  address: SqlServerAddress,
  limits: SqlServerLimits,
  loginErrors: ServerMessage[],
): Promise<sql.ConnectionPool> {
  const pool = new sql.ConnectionPool({
    server: address.host,
    ...(address.port !== null && { port: address.port }),
    database: address.database,
    user: address.user,
    password: address.password,
    connectionTimeout: limits.connectTimeoutMs,
    requestTimeout: limits.commandTimeoutMs,
    // Whether a connection still stands is seen from its socket: ADO.NET asks no question before each command either.
    validateConnection: "socket",
    pool: { max: address.poolMax, min: 0, acquireTimeoutMillis: limits.connectTimeoutMs || NEVER_MS },
    options: {
      // The driver does what it is given; its types know no "strict".
      encrypt: address.encrypt as boolean,
      trustServerCertificate: address.trustServerCertificate,
      appName: address.applicationName,
      ...(address.instance !== null && { instanceName: address.instance }),
      // Trying again is ASP.NET's affair, by its own rule.
      maxRetriesOnTransientErrors: 0,
    },
    beforeConnect(connection) {
      loginErrors.length = 0;
      connection.on("errorMessage", (message: ServerMessage) => void loginErrors.push(message));
    },
  });
  // A connection that breaks while it is idle is replaced when the next call wants one.
  pool.on("error", () => undefined);
  return pool.connect();
}

/** Codes of requests: the driver's, and Node's that it hands on. EINVALIDSTATE: the connection was closed when the request came to it. */
const brokenConnection = /^(ESOCKET|ECLOSE|EINVALIDSTATE|ENOTOPEN|EPIPE|ETIMEDOUT|(ECONN|EHOST|ENET)[A-Z]+)$/;

/** What is neither the server's word nor a broken connection is a bug of ours and stays what it is. */
function faultOf(error: unknown, loginErrors: readonly ServerMessage[]): unknown {
  if (!(error instanceof Error)) return error;
  const { message, name } = error;
  const code = "code" in error ? String(error.code) : "";
  // The second is the pool's own, when no connection became free in time.
  if (code === "ETIMEOUT" || name === "TimeoutError") return new SqlServerFault(message, TIMED_OUT, 11);
  if (code === "ELOGIN" && loginErrors[0] !== undefined) {
    const first = loginErrors[0];
    return new SqlServerFault(first.message, first.number, first.class);
  }
  if (error instanceof sql.RequestError) {
    // As SqlException does, the first of several errors gives its number.
    const [first = error] = (error as { precedingErrors?: sql.RequestError[] }).precedingErrors ?? [];
    if (typeof first.number === "number") {
      return new SqlServerFault(first.message, first.number, Number(first.class ?? ORDINARY_SEVERITY));
    }
  }
  // The last: the pool was cleared while somebody waited for a connection.
  const connectionBroke = error instanceof sql.ConnectionError || brokenConnection.test(code) || message === "aborted";
  return connectionBroke ? new SqlServerFault(message, 0, FATAL_SEVERITY) : error;
}
