// What one run of one case tells of itself, from within its own process, as one line of JSON on its standard output.

import * as z from "zod";

const readingSchema = z.object({
  events: z.int().min(0),
  runMs: z.number().positive(),
  /** In which the collector held the run up; null where the language does not tell. */
  gcMs: z.number().min(0).nullable(),
  /** Held by typed arrays beyond what the process held before the run, at most; null for another's engine. */
  arrayBytes: z.int().nullable(),
  /** Sessions stored, at most; null in a model without sessions. */
  sessionsMax: z.number().nullable(),
  rssMaxBytes: z.int().positive(),
});

export type Reading = z.infer<typeof readingSchema>;

/** @param text what the process printed; its last line counts. @throws Error where that is no reading. */
export function parseReading(text: string): Reading {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  return readingSchema.parse(JSON.parse(line));
}
