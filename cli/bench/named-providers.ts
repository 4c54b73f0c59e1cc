// The stores of one ranking as the user names them: "inproc,redis,express-session:memorystore", and "redis=redis://…" for where one
// of them is. Each name stands for a session mode and what keeps the sessions in it.

import { InputError, type Problem } from "../../config/problem.ts";
import { modeOfProvider } from "../../config/resolve-scenario.ts";
import { type Scenario, type StoreProvider, storeProviders } from "../../config/scenario.ts";
import { siteInMode } from "../../config/site-in-mode.ts";

export interface NamedProvider {
  /** As the user wrote it. */
  readonly name: string;
  readonly provider: StoreProvider;
  /** What follows the colon; null without one. */
  readonly module: string | null;
}

const aliases: ReadonlyMap<string, StoreProvider> = new Map([
  ["inproc", "in-proc"],
  ["stateserver", "state-server"],
  ["postgres", "postgresql"],
]);

/** A store by its name or by the one that people use; undefined where it is neither. */
export function providerNamed(word: string): StoreProvider | undefined {
  return aliases.get(word) ?? storeProviders.find((known) => known === word);
}

const takesModule: readonly StoreProvider[] = ["express-session", "module"];

/** A parser for commander. @throws InputError with every name that is none, comes twice or lacks its module. */
export function providerList(text: string): readonly NamedProvider[] {
  const problems: Problem[] = [];
  const refuse = (name: string, expected: string, mend: string) => {
    problems.push({ at: "--providers", given: `"${name}"`, expected, mend });
  };
  const named = text.split(",").flatMap((entry): NamedProvider[] => {
    const name = entry.trim();
    const colon = name.indexOf(":");
    const [word, module] = colon < 0 ? [name, null] : [name.slice(0, colon), name.slice(colon + 1)];
    const provider = providerNamed(word);
    if (provider === undefined) {
      refuse(name, [...storeProviders, ...aliases.keys()].join(", "), "change it; names are separated by commas");
      return [];
    }
    if (module === "" || (module !== null && !takesModule.includes(provider))) {
      refuse(name, `a package or path after the colon, of ${takesModule.join(" or ")} alone`, `write "${word}"`);
    }
    return [{ name, provider, module }];
  });
  for (const [index, { provider, module, name }] of named.entries()) {
    const before = named.slice(0, index).some((one) => one.provider === provider && one.module === module);
    if (before) refuse(name, "each store once", "leave it out");
  }
  if (problems.length > 0) throw new InputError("Cannot run", problems);
  return named;
}

/**
 * The same scenario on each of the stores.
 * @param connections "redis=redis://…"; several of one name are partitions. A store without any is started by the bench.
 * @throws InputError for a connection of none of them, a store that needs a module, and classic ASP out of process.
 */
export function scenariosOn(
  base: Scenario,
  named: readonly NamedProvider[],
  connections: readonly string[],
): readonly Scenario[] {
  const problems: Problem[] = [];
  const ownerOf = (text: string) => named.find(({ name }) => text.startsWith(`${name}=`));
  for (const [index, text] of connections.entries()) {
    const owner = ownerOf(text);
    if (owner !== undefined && owner.provider !== "in-proc") continue;
    if (owner !== undefined) {
      const expected = "none: it keeps sessions in the site's own process";
      problems.push({ at: "--connection", given: `one for "${owner.name}"`, expected, mend: "leave it out" });
      continue;
    }
    problems.push({
      at: "--connection",
      // What it says may hold a password.
      given: `number ${index + 1}, for none of the stores`,
      expected: `with --providers, one of their names before it: ${named.map(({ name }) => `${name}=…`).join(", ")}`,
      mend: 'write it as "redis=redis://localhost:6379"',
    });
  }
  const scenarios = named.map((one) => {
    const { name, provider } = one;
    const { store } = base;
    const sameStore = provider === store.provider && modeOfProvider[provider] === base.site.mode;
    const given = connections.filter((text) => ownerOf(text) === one).map((text) => text.slice(name.length + 1));
    const module = takesModule.includes(provider) ? (one.module ?? (sameStore ? store.module : null)) : null;
    if (module === null && takesModule.includes(provider)) {
      const example = provider === "module" ? "module:./my-provider.mjs" : "express-session:memorystore";
      const expected = provider === "module" ? "the path of the provider" : "the package of the store";
      problems.push({ at: "--providers", given: `"${name}"`, expected, mend: `write "${example}"` });
    }
    if (base.site.technology === "asp" && provider !== "in-proc") {
      const expected = "inproc alone: classic ASP keeps sessions in its own process";
      problems.push({ at: "--providers", given: `"${name}"`, expected, mend: "leave it out" });
    }
    const places = given.length > 0 ? given : sameStore ? store.connections : [];
    const partitions = places.length === 0 ? store.partitions : places.length;
    return {
      ...base,
      site: siteInMode(base.site, modeOfProvider[provider]),
      store: { ...store, provider, module, connections: places, partitions },
    };
  });
  if (problems.length > 0) throw new InputError("Cannot run", problems);
  return scenarios;
}
