// What --against names: a commit of this project, or another store or scenario for the same program, as "provider=redis".

import { InputError, type Problem } from "../../config/problem.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { oneMode, oneProvider } from "../options.ts";

export type AgainstChoice =
  | { readonly kind: "commit"; readonly ref: string }
  | {
      readonly kind: "variant";
      /** As the user wrote it, but where connections are: "provider=redis". */
      readonly title: string;
      /** null: the candidate's own. */
      readonly scenario: string | null;
      readonly options: BenchCommandOptions;
    };

const variantNames = ["provider", "mode", "module", "connection", "scenario"] as const;
type VariantName = (typeof variantNames)[number];

/** "provider=redis" says one; a commit may have = in its name, but none of these words before it. */
const variantPattern = new RegExp(`^(${variantNames.join("|")})=(.*)$`, "s");

/**
 * @param given every --against, in order.
 * @param options of the candidate.
 * @returns what the base is, with the options it is run with.
 * @throws InputError for two commits, a commit beside a variant, and a word without its value.
 */
export function chooseAgainst(given: readonly string[], options: BenchCommandOptions): AgainstChoice {
  const variants = new Map<VariantName, string[]>();
  const refs: string[] = [];
  const problems: Problem[] = [];
  const refuse = (text: string, expected: string, mend: string) => {
    problems.push({ at: "--against", given: text, expected, mend });
  };
  for (const text of given) {
    const match = variantPattern.exec(text);
    if (match === null) {
      refs.push(text);
      continue;
    }
    const [name, value] = [match[1] as VariantName, match[2] ?? ""];
    if (value === "") refuse(`"${name}="`, `what the ${name} of the base is`, `write "${name}=…"`);
    const before = variants.get(name);
    if (before !== undefined && name !== "connection") refuse(`"${name}=" twice`, "one of each", "leave one out");
    variants.set(name, [...(before ?? []), value]);
  }
  if (refs.length > 1) refuse(refs.join(", "), "one commit", "leave the others out");
  if (refs.length > 0 && variants.size > 0) {
    refuse(`"${refs[0]}" and "${[...variants.keys()][0]}="`, "a commit or another store, not both", "leave one out");
  }
  if (problems.length > 0) throw new InputError("Cannot compare", problems);
  if (refs.length === 1) return { kind: "commit", ref: refs[0] };
  return variantOf(variants, options);
}

function variantOf(variants: ReadonlyMap<VariantName, readonly string[]>, options: BenchCommandOptions): AgainstChoice {
  const only = (name: VariantName) => variants.get(name)?.[0];
  const [provider, mode, module] = [only("provider"), only("mode"), only("module")];
  const connection = variants.get("connection");
  const otherStore = provider !== undefined || mode !== undefined || module !== undefined;
  // Another store is elsewhere, too: what says where the candidate's is says nothing of it.
  const kept = otherStore ? { mode: undefined, provider: undefined, module: undefined, connection: undefined } : {};
  const title = [...variants].map(([name, [value]]) =>
    name === "connection" ? "the other connection" : `${name}=${value}`,
  );
  return {
    kind: "variant",
    title: title.join(", "),
    scenario: only("scenario") ?? null,
    options: {
      ...options,
      ...kept,
      ...(provider !== undefined && { provider: oneProvider(provider) }),
      ...(mode !== undefined && { mode: oneMode(mode) }),
      ...(module !== undefined && { module }),
      ...(connection !== undefined && { connection: [...connection] }),
    },
  };
}
