// Settings that are each well written and yet do not go together: what ASP.NET refuses when it puts the section to use. Values that
// the chosen mode never reads are not judged here. Source: .NET reference source, SessionStateSection.Validate, SessionStateModule,
// OutOfProcStateClientManager, sqlstateclientmanager.

import { databaseOf, maskSecrets, parseConnectionString, parseStateConnectionString } from "../connection-strings.ts";
import type { Problem } from "../problem.ts";
import { TIMEOUT_MINUTES_MAX } from "../session-settings.ts";
import { suggestion } from "../setting-values.ts";
import type { Effective } from "./apply-edits.ts";

/** @param partial true for a transform: what it leaves out may stand in its base. */
export function checkSettings(effective: Effective, partial: boolean): Problem[] {
  return [
    ...checkTimeout(effective),
    ...checkPartitionResolver(effective),
    ...checkStateServer(effective),
    ...checkSqlServer(effective),
    ...(partial ? [] : checkCustomProvider(effective)),
  ];
}

function checkTimeout({ settings, places }: Effective): Problem[] {
  const { mode, timeout } = settings.sessionState;
  if (mode.value !== "InProc" && mode.value !== "StateServer") return [];
  if (timeout.value !== "Infinite" && timeout.value <= TIMEOUT_MINUTES_MAX) return [];
  return [
    {
      at: "<sessionState> timeout",
      given: `"${timeout.written ?? timeout.value}" in mode ${mode.value}`,
      expected: `at most ${TIMEOUT_MINUTES_MAX} (For InProc and StateServer modes, the session timeout value cannot be larger than one year.)`,
      mend: "write fewer minutes, or use SQLServer or Custom",
      ...places.get("sessionState.timeout"),
    },
  ];
}

function checkPartitionResolver({ settings, places }: Effective): Problem[] {
  const { mode, partitionResolverType } = settings.sessionState;
  if (partitionResolverType.value === "" || ["StateServer", "SQLServer", "Off"].includes(mode.value)) return [];
  return [
    {
      at: "<sessionState> partitionResolverType",
      given: `"${partitionResolverType.value}" in mode ${mode.value}`,
      expected: "partitionResolverType only in modes StateServer and SQLServer",
      mend: "leave it out, or change the mode",
      ...places.get("sessionState.partitionResolverType"),
    },
  ];
}

function checkStateServer({ settings, surroundings, places }: Effective): Problem[] {
  const { mode, stateConnectionString, partitionResolverType } = settings.sessionState;
  if (mode.value !== "StateServer" || partitionResolverType.value !== "") return [];
  const text = resolve(stateConnectionString.value, surroundings.connectionStrings);
  if (text === undefined || parseStateConnectionString(text) !== undefined) return [];
  return [
    {
      at: "<sessionState> stateConnectionString",
      given: `"${maskSecrets(text)}"`,
      expected:
        "tcpip=<server>:<port>, with an IPv4 address, an ASCII machine name or an IPv6 address in square brackets, and a port from 0 to 65535",
      mend: "write, for example, tcpip=127.0.0.1:42424",
      ...places.get("sessionState.stateConnectionString"),
    },
  ];
}

function checkSqlServer({ settings, surroundings, places }: Effective): Problem[] {
  const { mode, sqlConnectionString, allowCustomSqlDatabase, partitionResolverType } = settings.sessionState;
  if (mode.value !== "SQLServer" || partitionResolverType.value !== "") return [];
  const text = resolve(sqlConnectionString.value, surroundings.connectionStrings);
  if (text === undefined) return [];
  const place = places.get("sessionState.sqlConnectionString");
  const at = "<sessionState> sqlConnectionString";
  if (parseConnectionString(text) === undefined) {
    const expected = "key=value pairs with ; between them, or the name of a <connectionStrings> entry";
    return [
      {
        at,
        given: `"${maskSecrets(text)}"`,
        expected,
        mend: "write, for example, data source=SQLHOST;Integrated Security=SSPI",
        ...place,
      },
    ];
  }
  const database = databaseOf(text);
  if (database === "" || allowCustomSqlDatabase.value) return [];
  return [
    {
      at,
      given: `written with the database "${database}" while allowCustomSqlDatabase is false`,
      expected: "no Database, Initial Catalog or AttachDbFileName",
      mend: 'leave it out to use ASPState, or set allowCustomSqlDatabase="true"',
      ...place,
    },
  ];
}

function checkCustomProvider({ settings, places }: Effective): Problem[] {
  const { mode, customProvider, providers } = settings.sessionState;
  if (mode.value !== "Custom") return [];
  const names = providers.value.map((provider) => provider.name);
  if (names.some((name) => name.toLowerCase() === customProvider.value.toLowerCase())) return [];
  const place = places.get("sessionState.customProvider") ?? places.get("sessionState.mode");
  const known = names.length === 0 ? "add one to <providers>" : suggestion(customProvider.value, names);
  const given =
    customProvider.value === ""
      ? ""
      : `"${customProvider.value}" (The custom session state store provider is not found.)`;
  return [
    {
      at: "<sessionState> customProvider",
      given,
      expected: "the name of an entry in <providers>",
      mend: known,
      ...place,
    },
  ];
}

/** What ASP.NET uses for a connection string: an entry of that name, else the text; undefined where only the registry knows. */
function resolve(text: string, connectionStrings: ReadonlyMap<string, string>): string | undefined {
  return /^registry:/i.test(text) ? undefined : (connectionStrings.get(text) ?? text);
}
