// What the command line says of a scenario's site and store: the mode, the provider and where it is, when and how fast it is run.

import { InputError } from "../config/problem.ts";
import { defaultProvider, modeOfProvider } from "../config/resolve-scenario.ts";
import type { Scenario, StoreProvider } from "../config/scenario.ts";
import type { SessionMode } from "../config/session-settings.ts";
import { siteInMode } from "../config/site-in-mode.ts";
import type { BenchCommandOptions } from "./bench/bench-options.ts";
import { withFaults } from "./bench/fault-choice.ts";

type SiteChoice = Pick<
  BenchCommandOptions,
  "mode" | "provider" | "module" | "connection" | "faults" | "seed" | "timeScale"
>;

/**
 * The scenario as the command line changes it.
 * @throws InputError for faults that it has not, and a provider or connection that would not be driven in the mode that was asked for.
 */
export function chooseSite(asked: Scenario, options: SiteChoice): Scenario {
  const scenario = options.faults === undefined ? asked : withFaults(asked, options.faults);
  const { site, store, run } = scenario;
  const asksFor = options.provider ?? (options.module === undefined ? undefined : "module");
  const mode = options.mode ?? modeFor(asksFor, site.mode);
  refuseProviderInProcess(mode, asksFor);
  refuseConnectionInProcess(mode, options.connection);
  const provider = asksFor ?? (mode === site.mode ? store.provider : defaultProvider(mode));
  refuseModuleOfNone(provider, options.module);
  const connections = options.connection ?? (provider === store.provider ? store.connections : []);
  return {
    ...scenario,
    site: siteInMode(site, mode),
    store: {
      ...store,
      provider,
      module: options.module ?? store.module,
      connections,
      partitions: connections.length === 0 ? store.partitions : connections.length,
    },
    run: { ...run, seed: options.seed ?? run.seed, timeScale: options.timeScale ?? run.timeScale },
  };
}

/** Asked for a provider, the site runs in the mode it belongs to; Custom takes any. */
function modeFor(provider: StoreProvider | undefined, mode: SessionMode): SessionMode {
  return provider === undefined || mode === "Custom" ? mode : modeOfProvider[provider];
}

/** In process nothing else keeps sessions: the provider that was asked for would not be driven. */
function refuseProviderInProcess(mode: SessionMode, provider: StoreProvider | undefined): void {
  if (provider === undefined || provider === "in-proc" || (mode !== "InProc" && mode !== "Off")) return;
  const expected = `--mode ${modeOfProvider[provider]}, or no --mode: ${mode} keeps no sessions in ${provider}`;
  throw new InputError("Cannot run", [{ at: "--mode", given: mode, expected, mend: "change it" }]);
}

function refuseModuleOfNone(provider: StoreProvider, module: string | undefined): void {
  if (module === undefined || provider === "module" || provider === "express-session") return;
  const expected = `none with ${provider}, which is a store of this program`;
  const mend = "leave it out, or say --provider module";
  throw new InputError("Cannot run", [{ at: "--module", given: `"${module}"`, expected, mend }]);
}

/** Nor is what is at a connection; the connection may hold a password and is not printed. */
function refuseConnectionInProcess(mode: SessionMode, connection: readonly string[] | undefined): void {
  if (connection === undefined || (mode !== "InProc" && mode !== "Off")) return;
  const expected = `none in mode ${mode}: no store is elsewhere`;
  const mend = "leave it out, or name the store with --provider";
  throw new InputError("Cannot run", [{ at: "--connection", given: "an address", expected, mend }]);
}
