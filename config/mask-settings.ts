// Settings fit to be shown and kept: every password, key and token in them replaced by ***. What is written back to a server must
// come from the settings themselves.

import { maskAttribute, maskSecrets } from "./connection-strings.ts";
import type { Scenario } from "./scenario.ts";
import type { Provider, Setting, Settings } from "./session-settings.ts";

/** The same settings with the secrets in connection strings and provider attributes masked, in `value` and in `written`. */
export function maskSettings(settings: Settings): Settings {
  const { sqlConnectionString, stateConnectionString, providers } = settings.sessionState;
  return {
    ...settings,
    sessionState: {
      ...settings.sessionState,
      sqlConnectionString: maskText(sqlConnectionString),
      stateConnectionString: maskText(stateConnectionString),
      providers: { ...providers, value: providers.value.map(maskProvider) },
    },
  };
}

/** The same scenario with the secrets in its store's connections masked. */
export function maskStore(scenario: Scenario): Scenario {
  const { store } = scenario;
  // The connection of a sealed cookie is its key.
  const mask = store.provider === "sealed-cookie" ? () => "***" : maskSecrets;
  return { ...scenario, store: { ...store, connections: store.connections.map(mask) } };
}

function maskText(setting: Setting<string>): Setting<string> {
  const written = setting.written === undefined ? {} : { written: maskSecrets(setting.written) };
  return { ...setting, ...written, value: maskSecrets(setting.value) };
}

function maskProvider(provider: Provider): Provider {
  const attributes = Object.entries(provider.attributes).map(([name, value]) => [name, maskAttribute(name, value)]);
  return { ...provider, attributes: Object.fromEntries(attributes) };
}
