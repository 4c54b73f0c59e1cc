// The ASPState database in MariaDB or MySQL: the tables and the procedures of ASP.NET's SQLServer mode under their own names. A get
// locks the row, reads and updates it in one short transaction inside the procedure, so that each call is one round trip.
// Source: InstallSqlState.sql (tables, Temp… procedures, DeleteExpiredSessions with the cursor of KB973849).

/** What ASPState answers, and what clients ask for: at least 2. */
const STATE_VERSION = "2";
/** Of the procedures below; raised whenever one of them changes. */
export const SCHEMA_VERSION = 2;

/** A transaction that fails half-way must not leave its row lock behind on a connection of the pool. */
const ROLL_BACK_ON_ERROR = "DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;";
/** Without it a look for a session that is not there would lock the gap in which others are being inserted. */
const BEGIN_READ_COMMITTED = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION;";
/** Rows deleted by the job between two commits. */
const DELETE_BATCH = 100;

/**
 * Statements to be run one after another; there are no transactions over them, so the one that tells the version comes last.
 * The index on Expires stays, as in SQL Server: with and without it, gets and sets of 1 KB sessions by 16 callers were equally fast.
 * p_minute_ms is the length of a minute of session timeout; lock ages count boundaries of its sixtieth, as DATEDIFF counts seconds.
 */
export function mariaDbSchema(): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ASPStateTempSessions (
  SessionId        VARCHAR(88) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  Created          DATETIME(6) NOT NULL,
  Expires          DATETIME(6) NOT NULL,
  LockDate         DATETIME(6) NOT NULL,
  LockDateLocal    DATETIME(6) NOT NULL,
  LockCookie       INT         NOT NULL,
  Timeout          INT         NOT NULL,
  Locked           BOOLEAN     NOT NULL,
  SessionItemShort VARBINARY(7000) NULL,
  SessionItemLong  LONGBLOB    NULL,
  Flags            INT         NOT NULL DEFAULT 0,
  INDEX Index_Expires (Expires)
) ENGINE = InnoDB`,
    `CREATE TABLE IF NOT EXISTS ASPStateTempApplications (
  AppId   INT          NOT NULL PRIMARY KEY,
  AppName VARCHAR(280) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  INDEX Index_AppName (AppName)
) ENGINE = InnoDB`,
    ...procedure("TempGetVersion()", `SELECT '${STATE_VERSION}' AS ver;`),
    // An insert that first looked for the name would lock the gap in which the other workers insert theirs.
    ...procedure(
      "TempGetAppID(p_name VARCHAR(280) CHARACTER SET utf8mb4, p_hash INT)",
      `
  DECLARE v_id INT;
  DECLARE v_name VARCHAR(280) CHARACTER SET utf8mb4 DEFAULT LOWER(p_name);
  INSERT IGNORE INTO ASPStateTempApplications VALUES (p_hash, v_name);
  SELECT AppId INTO v_id FROM ASPStateTempApplications WHERE AppName = v_name COLLATE utf8mb4_bin;
  IF v_id IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'SQL session state: hash collision between two applications; rename one of them';
  END IF;
  SELECT v_id AS app_id;`,
    ),
    ...procedure(`TempGetStateItem3(${ID}, ${MINUTE})`, getBody(false)),
    ...procedure(`TempGetStateItemExclusive3(${ID}, ${MINUTE})`, getBody(true)),
    ...procedure(
      `TempReleaseStateItemExclusive(${ID}, ${COOKIE}, ${MINUTE})`,
      `
  UPDATE ASPStateTempSessions SET Expires = ${expires("Timeout")}, Locked = FALSE
  WHERE SessionId = p_id AND LockCookie = p_cookie;`,
    ),
    ...procedure(
      `TempInsertUninitializedItem(${ID}, ${ITEM}, ${TIMEOUT}, ${MINUTE})`,
      insertBody("SessionItemShort", 1),
    ),
    ...procedure(`TempInsertStateItemShort(${ID}, ${ITEM}, ${TIMEOUT}, ${MINUTE})`, insertBody("SessionItemShort", 0)),
    ...procedure(`TempInsertStateItemLong(${ID}, ${ITEM}, ${TIMEOUT}, ${MINUTE})`, insertBody("SessionItemLong", 0)),
    ...update("TempUpdateStateItemShort", "SessionItemShort = p_item"),
    ...update("TempUpdateStateItemShortNullLong", "SessionItemShort = p_item, SessionItemLong = NULL"),
    ...update("TempUpdateStateItemLong", "SessionItemLong = p_item"),
    ...update("TempUpdateStateItemLongNullShort", "SessionItemLong = p_item, SessionItemShort = NULL"),
    ...procedure(
      `TempRemoveStateItem(${ID}, ${COOKIE})`,
      `
  DELETE FROM ASPStateTempSessions WHERE SessionId = p_id AND LockCookie = p_cookie;
  SELECT ROW_COUNT() AS removed;`,
    ),
    ...procedure(
      `TempResetTimeout(${ID}, ${MINUTE})`,
      `
  UPDATE ASPStateTempSessions SET Expires = ${expires("Timeout")} WHERE SessionId = p_id;`,
    ),
    ...procedure("DeleteExpiredSessions()", deleteBody),
    ...procedure("aspstate_schema_version()", `SELECT ${SCHEMA_VERSION} AS version;`),
  ];
}

const ID = "p_id VARCHAR(88) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
const ITEM = "p_item LONGBLOB";
const TIMEOUT = "p_timeout INT";
const COOKIE = "p_cookie INT";
const MINUTE = "p_minute_ms DOUBLE";

function procedure(head: string, body: string): readonly string[] {
  const name = head.slice(0, head.indexOf("("));
  return [`DROP PROCEDURE IF EXISTS ${name}`, `CREATE PROCEDURE ${head}\nBEGIN ${body}\nEND`];
}

function expires(minutes: string, now = "UTC_TIMESTAMP(6)"): string {
  return `${now} + INTERVAL ${minutes} * p_minute_ms * 1000 MICROSECOND`;
}

function sixtiethsUntil(moment: string): string {
  return `FLOOR(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${moment}) * 0.06 / p_minute_ms)`;
}

/** Assignments of one UPDATE are made from left to right, so `Locked` comes after whatever looks at what it was. */
function getBody(exclusive: boolean): string {
  const takeTheLock = `
    LockDate = IF(Locked, LockDate, v_now),
    LockDateLocal = IF(Locked, LockDateLocal, NOW(6)),
    LockCookie = IF(Locked, LockCookie, LockCookie + 1),
    Locked = TRUE,`;
  return `
  DECLARE v_now DATETIME(6) DEFAULT UTC_TIMESTAMP(6);
  DECLARE v_item LONGBLOB;
  DECLARE v_timeout, v_age, v_cookie, v_flags INT;
  DECLARE v_locked BOOLEAN;
  ${ROLL_BACK_ON_ERROR}
  ${BEGIN_READ_COMMITTED}
  SELECT IF(Locked, NULL, COALESCE(SessionItemShort, SessionItemLong)), Timeout, Locked,
    IF(Locked, ${sixtiethsUntil("v_now")} - ${sixtiethsUntil("LockDate")}, 0), 
    ${exclusive ? "IF(Locked, LockCookie, LockCookie + 1)" : "LockCookie"}, Flags & 1
  INTO v_item, v_timeout, v_locked, v_age, v_cookie, v_flags
  FROM ASPStateTempSessions WHERE SessionId = p_id FOR UPDATE;
  UPDATE ASPStateTempSessions
  SET Expires = ${expires("Timeout", "v_now")},${exclusive ? takeTheLock : ""}
    Flags = Flags & ~1
  WHERE SessionId = p_id;
  COMMIT;
  SELECT v_item AS item, v_timeout AS minutes, v_locked AS is_locked, v_age AS lock_age, v_cookie AS cookie, v_flags AS action_flags;`;
}

/** A row that is there already is left as it is: what SQL Server answers with error 2627 and ASP.NET's client ignores. */
function insertBody(column: string, flags: number): string {
  return `
  DECLARE v_now DATETIME(6) DEFAULT UTC_TIMESTAMP(6);
  INSERT INTO ASPStateTempSessions
    (SessionId, Created, Expires, LockDate, LockDateLocal, LockCookie, Timeout, Locked, ${column}, Flags)
  VALUES
    (p_id, v_now, ${expires("p_timeout", "v_now")}, v_now, NOW(6), 1, p_timeout, FALSE, p_item, ${flags})
  ON DUPLICATE KEY UPDATE SessionId = SessionId;`;
}

function update(name: string, items: string): readonly string[] {
  return procedure(
    `${name}(${ID}, ${ITEM}, ${TIMEOUT}, ${COOKIE}, ${MINUTE})`,
    `
  UPDATE ASPStateTempSessions
  SET Expires = ${expires("p_timeout")}, ${items}, Timeout = p_timeout, Locked = FALSE
  WHERE SessionId = p_id AND LockCookie = p_cookie;`,
  );
}

/** The cursor holds the ids as they were when it was opened; each row is looked at again when its turn comes. */
const deleteBody = `
  DECLARE v_now DATETIME(6) DEFAULT UTC_TIMESTAMP(6);
  DECLARE v_id VARCHAR(88) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_created DATETIME(6);
  DECLARE v_seen, v_count INT DEFAULT 0;
  DECLARE v_lifetimes_ms DOUBLE DEFAULT 0;
  DECLARE v_over BOOLEAN DEFAULT FALSE;
  DECLARE doomed CURSOR FOR SELECT SessionId, Created FROM ASPStateTempSessions WHERE Expires < v_now;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_over = TRUE;
  ${ROLL_BACK_ON_ERROR}
  OPEN doomed;
  ${BEGIN_READ_COMMITTED}
  one_by_one: LOOP
    FETCH doomed INTO v_id, v_created;
    IF v_over THEN LEAVE one_by_one; END IF;
    DELETE FROM ASPStateTempSessions WHERE SessionId = v_id AND Expires < v_now;
    IF ROW_COUNT() > 0 THEN
      SET v_count = v_count + 1, v_lifetimes_ms = v_lifetimes_ms + TIMESTAMPDIFF(MICROSECOND, v_created, v_now) / 1000;
    END IF;
    SET v_seen = v_seen + 1;
    IF v_seen % ${DELETE_BATCH} = 0 THEN COMMIT; ${BEGIN_READ_COMMITTED} END IF;
  END LOOP;
  COMMIT;
  CLOSE doomed;
  SELECT v_count AS sessions, v_lifetimes_ms AS lifetimes_ms;`;
