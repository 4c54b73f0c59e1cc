// A script in T-SQL, our own, that makes the tables and procedures of ASP.NET session state where there are none, so that SQLServer mode
// can be driven without a machine that has aspnet_regsql. It was written from the published description of the schema; it could not
// be run here, for no SQL Server exists on the machine it was written on.
// Source: InstallPersistSqlState.sql (tables, procedures, parameters and what they do).

import type { SqlServerClient } from "./sqlserver-client.ts";

/** Batches stand between lines of GO, as sqlcmd and Management Studio want them. */
const SEPARATOR = "\nGO\n";

const header = `-- Tables and procedures of ASP.NET session state, made by sessionlab. Not tried on a real server yet.
--
-- Run it in the database that is to keep the sessions:
--   CREATE DATABASE ASPState
--   sqlcmd -S server -U login -d ASPState -i this-file.sql
-- What is there already stays as it is, so running it twice does no harm. SQL Server 2008 or later.
-- There is no job in it: have SQL Server Agent run dbo.DeleteExpiredSessions each minute.
-- A web server's login needs EXECUTE on the procedures, and SELECT on ASPStateTempSessions for counting.
SET ANSI_NULLS ON
SET QUOTED_IDENTIFIER ON`;

const tables = `
CREATE TABLE dbo.ASPStateTempSessions (
  SessionId nvarchar(88) NOT NULL PRIMARY KEY,
  Created datetime NOT NULL DEFAULT GETUTCDATE(),
  Expires datetime NOT NULL,
  LockDate datetime NOT NULL,
  LockDateLocal datetime NOT NULL,
  LockCookie int NOT NULL,
  Timeout int NOT NULL,
  Locked bit NOT NULL,
  SessionItemShort varbinary(7000) NULL,
  SessionItemLong image NULL,
  Flags int NOT NULL DEFAULT 0
)
CREATE NONCLUSTERED INDEX Index_Expires ON dbo.ASPStateTempSessions (Expires)
CREATE TABLE dbo.ASPStateTempApplications (
  AppId int NOT NULL PRIMARY KEY,
  AppName char(280) NOT NULL
)
CREATE NONCLUSTERED INDEX Index_AppName ON dbo.ASPStateTempApplications (AppName)`;

const getVersion = `
SET @ver = '2'`;

const getMajorVersion = `
SET @@ver = CONVERT(int, PARSENAME(CONVERT(varchar(60), SERVERPROPERTY('ProductVersion')), 4))`;

/** h = h * 33 xor c over the characters, kept to 32 bits in a bigint and given a sign at the end. */
const getHashCode = `
DECLARE @h bigint, @mask bigint, @i int
SELECT @h = 5381, @mask = 4294967295, @i = 1
WHILE @i <= DATALENGTH(@input)
BEGIN
  SET @h = ((@h * 33) & @mask) ^ ASCII(SUBSTRING(@input, @i, 1))
  SET @i = @i + 1
END
SET @hash = CONVERT(int, CASE WHEN @h > 2147483647 THEN @h - 4294967296 ELSE @h END)`;

const getAppId = `
SET NOCOUNT ON
DECLARE @other varchar(280)
SET @appName = LOWER(@appName)
SET @appId = NULL
SELECT @appId = AppId FROM dbo.ASPStateTempApplications WHERE AppName = @appName
IF @appId IS NOT NULL RETURN 0
BEGIN TRANSACTION
SELECT @appId = AppId FROM dbo.ASPStateTempApplications WITH (TABLOCKX, HOLDLOCK) WHERE AppName = @appName
IF @appId IS NULL
BEGIN
  EXEC dbo.GetHashCode @appName, @appId OUTPUT
  SELECT @other = RTRIM(AppName) FROM dbo.ASPStateTempApplications WHERE AppId = @appId
  IF @other IS NOT NULL
  BEGIN
    ROLLBACK TRANSACTION
    RAISERROR('The applications "%s" and "%s" have the same hash code. Rename the first.', 16, 1, @appName, @other)
    RETURN 1
  END
  INSERT dbo.ASPStateTempApplications (AppId, AppName) VALUES (@appId, @appName)
END
COMMIT TRANSACTION`;

const getParameters = (version: 1 | 2 | 3) =>
  `@id nvarchar(88), @itemShort varbinary(7000) OUTPUT, @locked bit OUTPUT, ${
    version === 1 ? "@lockDate datetime OUTPUT" : "@lockAge int OUTPUT"
  }, @lockCookie int OUTPUT${version === 3 ? ", @actionFlags int OUTPUT" : ""}`;

const clearFlag = `,
  @actionFlags = Flags & 1,
  Flags = Flags & ~1`;

/** The item as it was before the lock, in one statement with everything else, so that nobody comes between. */
const readItem = `
  @itemShort = CASE Locked WHEN 0 THEN SessionItemShort END,
  @itemLong = CASE Locked WHEN 0 THEN CONVERT(varbinary(max), SessionItemLong) END`;

const giveLongItem = `
WHERE SessionId = @id
IF @itemLong IS NOT NULL SELECT @itemLong AS SessionItemLong`;

const getItem = (version: 1 | 2 | 3) => `
DECLARE @now datetime, @itemLong varbinary(max)
SET @now = GETUTCDATE()
UPDATE dbo.ASPStateTempSessions SET
  Expires = DATEADD(minute, Timeout, @now),
  @locked = Locked,
  ${version === 1 ? "@lockDate = LockDateLocal" : "@lockAge = DATEDIFF(second, LockDate, @now)"},
  @lockCookie = LockCookie,${readItem}${version === 3 ? clearFlag : ""}${giveLongItem}`;

const getItemExclusive = (version: 1 | 2 | 3) => `
DECLARE @now datetime, @nowLocal datetime, @itemLong varbinary(max)
SELECT @now = GETUTCDATE(), @nowLocal = GETDATE()
UPDATE dbo.ASPStateTempSessions SET
  Expires = DATEADD(minute, Timeout, @now),
  LockDate = CASE Locked WHEN 0 THEN @now ELSE LockDate END,
  ${version === 1 ? "@lockDate = " : ""}LockDateLocal = CASE Locked WHEN 0 THEN @nowLocal ELSE LockDateLocal END,
  ${version === 1 ? "" : "@lockAge = CASE Locked WHEN 0 THEN 0 ELSE DATEDIFF(second, LockDate, @now) END,\n  "}@lockCookie = LockCookie = CASE Locked WHEN 0 THEN LockCookie + 1 ELSE LockCookie END,${readItem},
  @locked = Locked,
  Locked = 1${version === 3 ? clearFlag : ""}${giveLongItem}`;

const release = `
UPDATE dbo.ASPStateTempSessions SET Expires = DATEADD(minute, Timeout, GETUTCDATE()), Locked = 0
WHERE SessionId = @id AND LockCookie = @lockCookie`;

const insert = (column: "SessionItemShort" | "SessionItemLong", item: string, flags: 0 | 1) => `
DECLARE @now datetime
SET @now = GETUTCDATE()
INSERT dbo.ASPStateTempSessions (SessionId, ${column}, Timeout, Expires, Locked, LockDate, LockDateLocal, LockCookie, Flags)
VALUES (@id, ${item}, @timeout, DATEADD(minute, @timeout, @now), 0, @now, GETDATE(), 1, ${flags})`;

const update = (items: string) => `
UPDATE dbo.ASPStateTempSessions SET
  Expires = DATEADD(minute, @timeout, GETUTCDATE()),
  ${items},
  Timeout = @timeout,
  Locked = 0
WHERE SessionId = @id AND LockCookie = @lockCookie`;

const remove = `
DELETE dbo.ASPStateTempSessions WHERE SessionId = @id AND LockCookie = @lockCookie`;

const resetTimeout = `
UPDATE dbo.ASPStateTempSessions SET Expires = DATEADD(minute, Timeout, GETUTCDATE()) WHERE SessionId = @id`;

/** A few at a time: one statement for all would lock the whole table. Who was touched meanwhile stays. */
const deleteExpired = `
SET NOCOUNT ON
SET DEADLOCK_PRIORITY LOW
DECLARE @now datetime, @deleted int
SELECT @now = GETUTCDATE(), @deleted = 1
WHILE @deleted > 0
BEGIN
  DELETE TOP (1000) FROM dbo.ASPStateTempSessions WHERE Expires < @now
  SET @deleted = @@ROWCOUNT
END`;

const id = "@id nvarchar(88)";
const short = "@itemShort varbinary(7000)";
const long = "@itemLong image";
const timeout = "@timeout int";
const cookie = "@lockCookie int";
const setShort = "SessionItemShort = @itemShort";
const setLong = "SessionItemLong = @itemLong";

const procedures: readonly (readonly [name: string, parameters: string, body: string])[] = [
  ["CreateTempTables", "", tables],
  ["TempGetVersion", "@ver char(10) OUTPUT", getVersion],
  ["GetMajorVersion", "@@ver int OUTPUT", getMajorVersion],
  ["GetHashCode", "@input varchar(280), @hash int OUTPUT", getHashCode],
  ["TempGetAppID", "@appName varchar(280), @appId int OUTPUT", getAppId],
  ["TempGetStateItem", getParameters(1), getItem(1)],
  ["TempGetStateItem2", getParameters(2), getItem(2)],
  ["TempGetStateItem3", getParameters(3), getItem(3)],
  ["TempGetStateItemExclusive", getParameters(1), getItemExclusive(1)],
  ["TempGetStateItemExclusive2", getParameters(2), getItemExclusive(2)],
  ["TempGetStateItemExclusive3", getParameters(3), getItemExclusive(3)],
  ["TempReleaseStateItemExclusive", `${id}, ${cookie}`, release],
  ["TempInsertUninitializedItem", `${id}, ${short}, ${timeout}`, insert("SessionItemShort", "@itemShort", 1)],
  ["TempInsertStateItemShort", `${id}, ${short}, ${timeout}`, insert("SessionItemShort", "@itemShort", 0)],
  ["TempInsertStateItemLong", `${id}, ${long}, ${timeout}`, insert("SessionItemLong", "@itemLong", 0)],
  ["TempUpdateStateItemShort", `${id}, ${short}, ${timeout}, ${cookie}`, update(setShort)],
  [
    "TempUpdateStateItemShortNullLong",
    `${id}, ${short}, ${timeout}, ${cookie}`,
    update(`${setShort},\n  SessionItemLong = NULL`),
  ],
  ["TempUpdateStateItemLong", `${id}, ${long}, ${timeout}, ${cookie}`, update(setLong)],
  [
    "TempUpdateStateItemLongNullShort",
    `${id}, ${long}, ${timeout}, ${cookie}`,
    update(`${setLong},\n  SessionItemShort = NULL`),
  ],
  ["TempRemoveStateItem", `${id}, ${cookie}`, remove],
  ["TempResetTimeout", id, resetTimeout],
  ["DeleteExpiredSessions", "", deleteExpired],
];

const createTables =
  "IF OBJECT_ID(N'dbo.ASPStateTempSessions', N'U') IS NULL AND OBJECT_ID(N'dbo.ASPStateTempApplications', N'U') IS NULL\n" +
  "  EXEC dbo.CreateTempTables";

/** The whole script, ready for sqlcmd. */
export const aspStateSql: string = [header, ...procedures.map(createProcedure), createTables, ""].join(SEPARATOR);

/** A procedure must be alone in its batch, so the one that is made only if it is not there is made from a text. */
function createProcedure([name, parameters, body]: readonly [string, string, string]): string {
  const text = `CREATE PROCEDURE dbo.${name}${parameters === "" ? "" : ` ${parameters}`} AS${body}\nRETURN 0`;
  return `IF OBJECT_ID(N'dbo.${name}', N'P') IS NULL EXEC(N'${text.replaceAll("'", "''")}')`;
}

/**
 * Runs the script in the database that the client is connected to.
 * @throws SqlServerFault
 */
export async function installAspState(client: SqlServerClient): Promise<void> {
  for (const batch of aspStateSql.split(SEPARATOR)) {
    if (batch.trim() !== "") await client.query(batch);
  }
}
