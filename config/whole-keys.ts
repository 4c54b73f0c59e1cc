// Which keys of a scenario file hold whole numbers, by its schema.

import { scenarioJsonSchema } from "./scenario-file.ts";

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** @param key as "site.sessionsMax". Of what the schema leaves a choice in, no key counts as whole. */
export function isWholeKey(key: string): boolean {
  let schema: JsonSchema | undefined = scenarioJsonSchema() as JsonSchema;
  for (const step of key.split(".")) schema = schema?.properties?.[step];
  return schema?.type === "integer";
}
