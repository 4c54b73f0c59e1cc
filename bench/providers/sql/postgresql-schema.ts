// The ASPState database in PostgreSQL: the tables and the procedures of ASP.NET's SQLServer mode under their own names, as functions, so
// that each call of the store is one statement and one round trip, and the rules of locking live in the database.
// Source: InstallSqlState.sql (tables, Temp… procedures, DeleteExpiredSessions with the cursor of KB973849).

/** What ASPState answers, and what clients ask for: at least 2. */
const STATE_VERSION = "2";
/** Of the functions below; raised whenever one of them changes. */
export const SCHEMA_VERSION = 1;

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
 * p_minute_ms is the length of a minute of session timeout; lock ages count boundaries of its sixtieth, as DATEDIFF counts seconds.
 */
export function postgreSqlSchema({ durable }: PostgreSqlSchemaOptions): string {
  const table = durable ? "TABLE" : "UNLOGGED TABLE";
  return `
CREATE ${table} aspstate_temp_sessions (
  session_id         varchar(88) COLLATE "C" NOT NULL PRIMARY KEY,
  created            timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires            timestamptz NOT NULL,
  lock_date          timestamptz NOT NULL,
  lock_date_local    timestamp   NOT NULL,
  lock_cookie        int         NOT NULL,
  timeout            int         NOT NULL,
  locked             boolean     NOT NULL,
  session_item_short bytea       NULL CHECK (length(session_item_short) <= 7000),
  session_item_long  bytea       NULL,
  flags              int         NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
ALTER TABLE aspstate_temp_sessions ALTER session_item_short SET STORAGE EXTERNAL;
ALTER TABLE aspstate_temp_sessions ALTER session_item_long SET STORAGE EXTERNAL;

CREATE ${table} aspstate_temp_applications (
  app_id   int          NOT NULL PRIMARY KEY,
  app_name varchar(280) NOT NULL
);
CREATE INDEX aspstate_index_app_name ON aspstate_temp_applications (app_name);

CREATE FUNCTION TempGetVersion() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '${STATE_VERSION}' $$;

CREATE FUNCTION TempGetAppID(p_name text, p_hash int, OUT app_id int) LANGUAGE plpgsql AS $$
DECLARE v_name text := lower(p_name);
BEGIN
  FOR attempt IN 1 .. 2 LOOP
    SELECT t.app_id INTO app_id FROM aspstate_temp_applications t WHERE t.app_name = v_name;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO aspstate_temp_applications VALUES (p_hash, v_name) ON CONFLICT DO NOTHING;
  END LOOP;
  RAISE EXCEPTION 'SQL session state: hash collision between the applications ''%'' and ''%''; rename one of them',
    v_name, (SELECT t.app_name FROM aspstate_temp_applications t WHERE t.app_id = p_hash);
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
  UPDATE aspstate_temp_sessions t
  SET expires = aspstate_expires(v_now, t.timeout, p_minute_ms), flags = t.flags & ~1
  FROM (SELECT session_id, flags FROM aspstate_temp_sessions WHERE session_id = p_id FOR UPDATE) before
  WHERE t.session_id = before.session_id
  RETURNING CASE WHEN NOT t.locked THEN coalesce(t.session_item_short, t.session_item_long) END, t.timeout, t.locked,
    aspstate_lock_age(t.lock_date, v_now, p_minute_ms), t.lock_cookie, before.flags & 1
  INTO item, minutes, is_locked, lock_age, cookie, action_flags;
END $$;

CREATE FUNCTION TempGetStateItemExclusive3(p_id varchar, p_minute_ms float8,
  OUT item bytea, OUT minutes int, OUT is_locked boolean, OUT lock_age int, OUT cookie int, OUT action_flags int)
LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  UPDATE aspstate_temp_sessions t
  SET expires = aspstate_expires(v_now, t.timeout, p_minute_ms),
    lock_date = CASE WHEN t.locked THEN t.lock_date ELSE v_now END,
    lock_date_local = CASE WHEN t.locked THEN t.lock_date_local ELSE v_now::timestamp END,
    lock_cookie = CASE WHEN t.locked THEN t.lock_cookie ELSE t.lock_cookie + 1 END,
    locked = true,
    flags = t.flags & ~1
  FROM (SELECT session_id, locked, flags FROM aspstate_temp_sessions WHERE session_id = p_id FOR UPDATE) before
  WHERE t.session_id = before.session_id
  RETURNING CASE WHEN NOT before.locked THEN coalesce(t.session_item_short, t.session_item_long) END, t.timeout, before.locked,
    CASE WHEN before.locked THEN aspstate_lock_age(t.lock_date, v_now, p_minute_ms) ELSE 0 END, t.lock_cookie, before.flags & 1
  INTO item, minutes, is_locked, lock_age, cookie, action_flags;
END $$;

CREATE FUNCTION TempReleaseStateItemExclusive(p_id varchar, p_cookie int, p_minute_ms float8) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE aspstate_temp_sessions
  SET expires = aspstate_expires(clock_timestamp(), timeout, p_minute_ms), locked = false
  WHERE session_id = p_id AND lock_cookie = p_cookie;
END $$;
${insertFunction("TempInsertUninitializedItem", "session_item_short", 1)}
${insertFunction("TempInsertStateItemShort", "session_item_short", 0)}
${insertFunction("TempInsertStateItemLong", "session_item_long", 0)}
${updateFunction("TempUpdateStateItemShort", "session_item_short = p_item")}
${updateFunction("TempUpdateStateItemShortNullLong", "session_item_short = p_item, session_item_long = NULL")}
${updateFunction("TempUpdateStateItemLong", "session_item_long = p_item")}
${updateFunction("TempUpdateStateItemLongNullShort", "session_item_long = p_item, session_item_short = NULL")}

CREATE FUNCTION TempRemoveStateItem(p_id varchar, p_cookie int, OUT removed int) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM aspstate_temp_sessions WHERE session_id = p_id AND lock_cookie = p_cookie;
  GET DIAGNOSTICS removed = ROW_COUNT;
END $$;

CREATE FUNCTION TempResetTimeout(p_id varchar, p_minute_ms float8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE aspstate_temp_sessions SET expires = aspstate_expires(clock_timestamp(), timeout, p_minute_ms)
  WHERE session_id = p_id;
END $$;

-- Commits as it goes, so that no lock is held for longer than one batch, and passes by what somebody is using at this moment.
CREATE PROCEDURE DeleteExpiredSessions(INOUT p_count int DEFAULT 0, INOUT p_lifetimes_ms float8 DEFAULT 0)
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_ids varchar[] := ARRAY(SELECT session_id FROM aspstate_temp_sessions WHERE expires < v_now);
  v_batch CONSTANT int := 500;
  v_gone int;
  v_lifetimes_ms float8;
BEGIN
  p_count := 0;
  p_lifetimes_ms := 0;
  FOR v_start IN 1 .. coalesce(array_length(v_ids, 1), 0) BY v_batch LOOP
    WITH free AS (
      SELECT session_id FROM aspstate_temp_sessions
      WHERE session_id = ANY (v_ids[v_start : v_start + v_batch - 1]) AND expires < v_now
      FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM aspstate_temp_sessions t USING free WHERE t.session_id = free.session_id
      RETURNING extract(epoch FROM clock_timestamp() - t.created) * 1000 AS lifetime_ms
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
  INSERT INTO aspstate_temp_sessions
    (session_id, created, expires, lock_date, lock_date_local, lock_cookie, timeout, locked, ${column}, flags)
  VALUES
    (p_id, v_now, aspstate_expires(v_now, p_timeout, p_minute_ms), v_now, v_now::timestamp, 1, p_timeout, false, p_item, ${flags})
  ON CONFLICT (session_id) DO NOTHING;
END $$;`;
}

function updateFunction(name: string, items: string): string {
  return `
CREATE FUNCTION ${name}(p_id varchar, p_item bytea, p_timeout int, p_cookie int, p_minute_ms float8) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE aspstate_temp_sessions
  SET expires = aspstate_expires(clock_timestamp(), p_timeout, p_minute_ms), ${items}, timeout = p_timeout, locked = false
  WHERE session_id = p_id AND lock_cookie = p_cookie;
END $$;`;
}
