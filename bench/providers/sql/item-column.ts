// A session of up to 7000 bytes stands in one column, a longer one in another that is stored apart. A writer names the column it fills
// and, only when the session has changed sides since it was read, the one it empties.
// Source: .NET reference source, sqlstateclientmanager.cs (ITEM_SHORT_LENGTH, _rqOrigStreamLen).

const ITEM_SHORT_BYTES_MAX = 7_000;

export type ItemColumn = "Short" | "Long";
/** The four stored procedures that write a session back. */
export type ItemUpdate = ItemColumn | "ShortNullLong" | "LongNullShort";

export function columnOf(bytes: number): ItemColumn {
  return bytes <= ITEM_SHORT_BYTES_MAX ? "Short" : "Long";
}

/** @param bytesRead undefined where nobody knows: the other column is emptied to be sure. */
export function updateOf(bytesRead: number | undefined, bytes: number): ItemUpdate {
  const now = columnOf(bytes);
  if (bytesRead !== undefined && columnOf(bytesRead) === now) return now;
  return now === "Short" ? "ShortNullLong" : "LongNullShort";
}
