// What things cost a month, as a file a user writes: what a plan compares settings by.

import { type PriceFile, priceSchema } from "./file/prices.ts";
import { type ParsedText, parseWithSchema } from "./parse-with-schema.ts";

export type Prices = PriceFile;

/** @param file how the user named it, for messages. Problems are returned, not thrown. */
export function parsePrices(text: string, file: string): ParsedText<Prices> {
  return parseWithSchema(text, file, priceSchema);
}
