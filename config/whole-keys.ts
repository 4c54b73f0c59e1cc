// Which keys of a scenario file hold whole numbers, by its schema.

import { scenarioJsonSchema } from "./scenario-file.ts";

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Made at the first question: it takes as long as reading a scenario. */
let whole: JsonSchema | undefined;

/** @param key as "site.sessionsMax". Of what the schema leaves a choice in, no key counts as whole. */
export function isWholeKey(key: string): boolean {
  whole ??= scenarioJsonSchema() as JsonSchema;
  let schema: JsonSchema | undefined = whole;
  for (const step of key.split(".")) schema = schema?.properties?.[step];
  return schema?.type === "integer";
}
