// The timeSpan type of IIS configuration: `[d.]hh:mm:ss`.

const pattern = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

/** Seconds; NaN where the text is no time span. */
export function parseTimeSpanSeconds(text: string): number {
  const match = pattern.exec(text);
  if (match === null) return Number.NaN;
  const [days, hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** The canonical text of whole seconds: days only where there are any. */
export function formatTimeSpan(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return days === 0 ? clock : `${days}.${clock}`;
}
