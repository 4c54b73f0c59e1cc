// The keywords of ADO.NET's connection strings for SQL Server, in all their spellings.
// Source: System.Data.SqlClient, SqlConnection.ConnectionString; Microsoft.Data.SqlClient, the same.

export type Setting =
  | "server"
  | "database"
  | "user"
  | "password"
  | "integrated"
  | "encrypt"
  | "trust"
  | "connectTimeout"
  | "application"
  | "poolMax"
  | "file";

/** Every spelling of ADO.NET that has an effect here, lower case. */
export const settingsByKey: Readonly<Record<string, Setting>> = {
  "data source": "server",
  server: "server",
  address: "server",
  addr: "server",
  "network address": "server",
  "initial catalog": "database",
  database: "database",
  "user id": "user",
  uid: "user",
  user: "user",
  password: "password",
  pwd: "password",
  "integrated security": "integrated",
  trusted_connection: "integrated",
  encrypt: "encrypt",
  trustservercertificate: "trust",
  "trust server certificate": "trust",
  "connect timeout": "connectTimeout",
  "connection timeout": "connectTimeout",
  timeout: "connectTimeout",
  "application name": "application",
  app: "application",
  "max pool size": "poolMax",
  attachdbfilename: "file",
  "extended properties": "file",
  "initial file name": "file",
};

/** Of ADO.NET's own machinery: accepted, without effect. */
export const keysWithoutEffect: ReadonlySet<string> = new Set([
  "application intent",
  "applicationintent",
  "asynchronous processing",
  "async",
  "connection lifetime",
  "connection reset",
  "connectretrycount",
  "connect retry count",
  "connectretryinterval",
  "connect retry interval",
  "context connection",
  "current language",
  "language",
  "enlist",
  "failover partner",
  "load balance timeout",
  "min pool size",
  "multipleactiveresultsets",
  "multiple active result sets",
  "multisubnetfailover",
  "multi subnet failover",
  "net",
  "network",
  "network library",
  "packet size",
  "persist security info",
  "persistsecurityinfo",
  "poolblockingperiod",
  "pooling",
  "replication",
  "transaction binding",
  "type system version",
  "user instance",
  "workstation id",
  "wsid",
]);
