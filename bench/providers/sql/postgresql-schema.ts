// The ASPState database in PostgreSQL: the tables and the procedures of ASP.NET's SQLServer mode under their own names, as functions, so
// that each call of the store is one statement and one round trip, and the rules of locking live in the database.
// Source: InstallSqlState.sql (tables, Temp… procedures, DeleteExpiredSessions with the cursor of KB973849).

/** What ASPState answers, and what clients ask for: at least 2. */
const STATE_VERSION = "2";
/** Of the tables and functions below; raised whenever one of them changes. */
export const SCHEMA_VERSION = 2;

export interface PostgreSqlSchemaOptions {
  /** false: unlogged tables, which are faster, written without a log and empty after a crash of the server. As -sstype t has them. */
  readonly durable: boolean;
}

/**
 * Statements that create everything, to be run in one transaction in an empty schema.
 *
 * Unlike SQL Server there is no index on Expires. Every call slides Expires, and an index on it has each slide write a new entry into
 * every index of the table (none of the updates are HOT); without, the row is rewritten inside its page, for which the fill factor leaves
 * room (all are). Measured with 16 callers on 1 KB sessions, gets and sets were some 12 % faster without; a BRIN index allows HOT too,
 * but finds nothing that a scan does not. The job pays with one scan of the table a minute.
 * Items are stored uncompressed, as in SQL Server: a bench's texts would shrink as no real session does.
 * Vacuum does not cut off what is free at the end of the files, which the next sessions need again: it would take the lock on the whole
 * table for that. So files keep the size that they once had, as SQL Server's do.
 * p_minute_ms is the length of a minute of session timeout; lock ages count boundaries of its sixtieth, as DATEDIFF counts seconds.
 */
export function postgreSqlSchema({ durable }: PostgreSqlSchemaOptions): string {
  const table = durable ? "TABLE" : "UNLOGGED TABLE";
  return `
CREATE ${table} ASPStateTempSessions (
  SessionId        varchar(88) COLLATE "C" NOT NULL PRIMARY KEY,
  Created          timestamptz NOT NULL DEFAULT clock_timestamp(),
  Expires          timestamptz NOT NULL,
  LockDate         timestamptz NOT NULL,
  LockDateLocal    timestamp   NOT NULL,
  LockCookie       int         NOT NULL,
  Timeout          int         NOT NULL,
  Locked           boolean     NOT NULL,
  SessionItemShort bytea       NULL CHECK (length(SessionItemShort) <= 7000),
  SessionItemLong  bytea       NULL,
  Flags            int         NOT NULL DEFAULT 0
) WITH (fillfactor = 50, vacuum_truncate = off, toast.vacuum_truncate = off);
ALTER TABLE ASPStateTempSessions ALTER SessionItemShort SET STORAGE EXTERNAL;
ALTER TABLE ASPStateTempSessions ALTER SessionItemLong SET STORAGE EXTERNAL;

CREATE ${table} ASPStateTempApplications (
  AppId   int          NOT NULL PRIMARY KEY,
  AppName varchar(280) NOT NULL
);
CREATE INDEX Index_AppName ON ASPStateTempApplications (AppName);

CREATE FUNCTION TempGetVersion() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '${STATE_VERSION}' $$;

CREATE FUNCTION TempGetAppID(p_name text, p_hash int, OUT app_id int) LANGUAGE plpgsql AS $$
DECLARE v_name text := lower(p_name);
BEGIN
  FOR attempt IN 1 .. 2 LOOP
    SELECT t.AppId INTO app_id FROM ASPStateTempApplications t WHERE t.AppName = v_name;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO ASPStateTempApplications VALUES (p_hash, v_name) ON CONFLICT DO NOTHING;
  END LOOP;
  RAISE EXCEPTION 'SQL session state: hash collision between the applications ''%'' and ''%''; rename one of them',
    v_name, (SELECT t.AppName FROM ASPStateTempApplications t WHERE t.AppId = p_hash);
END $$;

CREATE FUNCTION aspstate_expires(p_now timestamptz, p_timeout int, p_minute_ms float8) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$ SELECT p_now + p_timeout * p_minute_ms * interval '1 millisecond' $$;

CREATE FUNCTION aspstate_lock_age(p_lock_date timestamptz, p_now timestamptz, p_minute_ms float8) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
  SELECT (floor(extract(epoch FROM p_now)::float8 * 60000 / p_minute_ms)
        - floor(extract(epoch FROM p_lock_date)::float8 * 60000 / p_minute_ms))::int
$$;

CREATE FUNCTION TempGetStateItem3(p_id varchar, p_minute_ms float8,
  OUT item bytea, OUT minutes int, OUT is_locked boolean, OUT lock_age int, OUT cookie int, OUT action_flags int)
LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  UPDATE ASPStateTempSessions t
  SET Expires = aspstate_expires(v_now, t.Timeout, p_minute_ms), Flags = t.Flags & ~1
  FROM (SELECT SessionId, Flags FROM ASPStateTempSessions WHERE SessionId = p_id FOR UPDATE) before
  WHERE t.SessionId = before.SessionId
  RETURNING CASE WHEN NOT t.Locked THEN coalesce(t.SessionItemShort, t.SessionItemLong) END, t.Timeout, t.Locked,
    aspstate_lock_age(t.LockDate, v_now, p_minute_ms), t.LockCookie, before.Flags & 1
  INTO item, minutes, is_locked, lock_age, cookie, action_flags;
END $$;

CREATE FUNCTION TempGetStateItemExclusive3(p_id varchar, p_minute_ms float8,
  OUT item bytea, OUT minutes int, OUT is_locked boolean, OUT lock_age int, OUT cookie int, OUT action_flags int)
LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  UPDATE ASPStateTempSessions t
  SET Expires = aspstate_expires(v_now, t.Timeout, p_minute_ms),
    LockDate = CASE WHEN t.Locked THEN t.LockDate ELSE v_now END,
    LockDateLocal = CASE WHEN t.Locked THEN t.LockDateLocal ELSE v_now::timestamp END,
    LockCookie = CASE WHEN t.Locked THEN t.LockCookie ELSE t.LockCookie + 1 END,
    Locked = true,
    Flags = t.Flags & ~1
  FROM (SELECT SessionId, Locked, Flags FROM ASPStateTempSessions WHERE SessionId = p_id FOR UPDATE) before
  WHERE t.SessionId = before.SessionId
  RETURNING CASE WHEN NOT before.Locked THEN coalesce(t.SessionItemShort, t.SessionItemLong) END, t.Timeout, before.Locked,
    CASE WHEN before.Locked THEN aspstate_lock_age(t.LockDate, v_now, p_minute_ms) ELSE 0 END, t.LockCookie, before.Flags & 1
  INTO item, minutes, is_locked, lock_age, cookie, action_flags;
END $$;

CREATE FUNCTION TempReleaseStateItemExclusive(p_id varchar, p_cookie int, p_minute_ms float8) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ASPStateTempSessions
  SET Expires = aspstate_expires(clock_timestamp(), Timeout, p_minute_ms), Locked = false
  WHERE SessionId = p_id AND LockCookie = p_cookie;
END $$;
${insertFunction("TempInsertUninitializedItem", "SessionItemShort", 1)}
${insertFunction("TempInsertStateItemShort", "SessionItemShort", 0)}
${insertFunction("TempInsertStateItemLong", "SessionItemLong", 0)}
${updateFunction("TempUpdateStateItemShort", "SessionItemShort = p_item")}
${updateFunction("TempUpdateStateItemShortNullLong", "SessionItemShort = p_item, SessionItemLong = NULL")}
${updateFunction("TempUpdateStateItemLong", "SessionItemLong = p_item")}
${updateFunction("TempUpdateStateItemLongNullShort", "SessionItemLong = p_item, SessionItemShort = NULL")}

CREATE FUNCTION TempRemoveStateItem(p_id varchar, p_cookie int, OUT removed int) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ASPStateTempSessions WHERE SessionId = p_id AND LockCookie = p_cookie;
  GET DIAGNOSTICS removed = ROW_COUNT;
END $$;

CREATE FUNCTION TempResetTimeout(p_id varchar, p_minute_ms float8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ASPStateTempSessions SET Expires = aspstate_expires(clock_timestamp(), Timeout, p_minute_ms)
  WHERE SessionId = p_id;
END $$;

-- Commits as it goes, so that no lock is held for longer than one batch, and passes by what somebody is using at this moment.
CREATE PROCEDURE DeleteExpiredSessions(INOUT p_count int DEFAULT 0, INOUT p_lifetimes_ms float8 DEFAULT 0)
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_ids varchar[] := ARRAY(SELECT SessionId FROM ASPStateTempSessions WHERE Expires < v_now);
  v_batch CONSTANT int := 500;
  v_gone int;
  v_lifetimes_ms float8;
BEGIN
  p_count := 0;
  p_lifetimes_ms := 0;
  FOR v_start IN 1 .. coalesce(array_length(v_ids, 1), 0) BY v_batch LOOP
    WITH free AS (
      SELECT SessionId FROM ASPStateTempSessions
      WHERE SessionId = ANY (v_ids[v_start : v_start + v_batch - 1]) AND Expires < v_now
      FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM ASPStateTempSessions t USING free WHERE t.SessionId = free.SessionId
      RETURNING extract(epoch FROM clock_timestamp() - t.Created) * 1000 AS lifetime_ms
    )
    SELECT count(*), coalesce(sum(lifetime_ms), 0) INTO v_gone, v_lifetimes_ms FROM gone;
    p_count := p_count + v_gone;
    p_lifetimes_ms := p_lifetimes_ms + v_lifetimes_ms;
    COMMIT;
  END LOOP;
END $$;

-- Last, so that whoever sees it sees all.
CREATE FUNCTION aspstate_schema_version() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ${SCHEMA_VERSION} $$;
`;
}

/** A row that is there already is left as it is: what SQL Server answers with error 2627 and ASP.NET's client ignores. */
function insertFunction(name: string, column: string, flags: number): string {
  return `
CREATE FUNCTION ${name}(p_id varchar, p_item bytea, p_timeout int, p_minute_ms float8) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  INSERT INTO ASPStateTempSessions
    (SessionId, Created, Expires, LockDate, LockDateLocal, LockCookie, Timeout, Locked, ${column}, Flags)
  VALUES
    (p_id, v_now, aspstate_expires(v_now, p_timeout, p_minute_ms), v_now, v_now::timestamp, 1, p_timeout, false, p_item, ${flags})
  ON CONFLICT (SessionId) DO NOTHING;
END $$;`;
}

function updateFunction(name: string, items: string): string {
  return `
CREATE FUNCTION ${name}(p_id varchar, p_item bytea, p_timeout int, p_cookie int, p_minute_ms float8) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ASPStateTempSessions
  SET Expires = aspstate_expires(clock_timestamp(), p_timeout, p_minute_ms), ${items}, Timeout = p_timeout, Locked = false
  WHERE SessionId = p_id AND LockCookie = p_cookie;
END $$;`;
}
