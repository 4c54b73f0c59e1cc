// An error of somebody else's code (an express-session store, a user's own provider) as a StoreError. Such code throws whatever
// its driver throws, so the kind is read from the codes that Node, Redis, PostgreSQL, MySQL and the file system put on their errors.

import { maskSecrets } from "../../config/connection-strings.ts";
import { StoreError, type StoreErrorKind } from "./store-error.ts";

/** Codes as they begin: SQLSTATE classes, Node's errno names, MySQL's names, the first word of an answer of Redis. */
const kindsByCode: readonly (readonly [RegExp, StoreErrorKind])[] = [
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_CONNECT_TIMEOUT|57014)$/, "timeout"],
  [/^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|ENOENT|ENOTDIR|PROTOCOL_CONNECTION_LOST|08|57P0)/, "unreachable"],
  [/^(28|NOAUTH|WRONGPASS|NOPERM|EACCES|EPERM|ER_ACCESS_DENIED|ER_DBACCESS_DENIED)/, "login"],
  [/^(42P01|42501|3D000|3F000|ER_NO_SUCH_TABLE|ER_BAD_DB)/, "schema"],
  [/^(ENOSPC|EDQUOT|OOM|MISCONF|53|ER_RECORD_FILE_FULL|ER_DISK_FULL)/, "full"],
];

const kindsByText: readonly (readonly [RegExp, StoreErrorKind])[] = [
  [/time[d ]?[- ]?out/i, "timeout"],
  [
    /socket closed|client is (closed|offline)|connection (terminated|is closed|ended|lost)|pool is (closed|draining)/i,
    "unreachable",
  ],
  [/circular|serializ|JSON|BigInt/, "state"],
];

const kinds: readonly string[] = ["unreachable", "timeout", "login", "schema", "protocol", "full", "state"];

/**
 * A StoreError stays itself, also one of another copy of this class. Anything else becomes one, "protocol" where nothing tells
 * more, with the words of the error and no secret in them.
 * @param who stands before the words: what was asked, "connect-redis get".
 */
export function storeErrorOf(error: unknown, who: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = maskSecrets(messageOf(error));
  if (error instanceof Error && error.name === "StoreError" && kinds.includes(String(fieldOf(error, "kind")))) {
    return new StoreError(fieldOf(error, "kind") as StoreErrorKind, message, { cause: error });
  }
  return new StoreError(kindOf(error), `${who}: ${message}`, { cause: error });
}

/** The words of whatever was thrown; of an error without words, its code. Several attempts at once have the words of the first. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : `threw ${typeof error}`;
  if (error.message !== "") return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return codeOf(error) || error.name;
}

/** The `code` of an error, or the first word in capitals of what Redis answered; empty for none. */
export function codeOf(error: unknown): string {
  const code = fieldOf(error, "code");
  if (typeof code === "string") return code;
  return error instanceof Error ? (/^([A-Z]{3,}) /.exec(error.message)?.[1] ?? "") : "";
}

function kindOf(error: unknown): StoreErrorKind {
  const code = codeOf(error);
  const byCode = kindsByCode.find(([pattern]) => pattern.test(code));
  if (byCode !== undefined) return byCode[1];
  if (error instanceof AggregateError && error.errors.length > 0) return kindOf(error.errors[0]);
  const message = messageOf(error);
  return kindsByText.find(([pattern]) => pattern.test(message))?.[1] ?? "protocol";
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
