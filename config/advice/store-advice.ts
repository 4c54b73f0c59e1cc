// Remarks on the store behind the mode: the state service, SQL Server, and passwords in connection strings.
// Source: .NET reference source, OutOfProcStateClientManager.cs and sqlstateclientmanager.cs; InstallSqlState.sql.

import { holdsCredentials, isLoopback, parseStateConnectionString } from "../connection-strings.ts";
import type { Advice } from "../read/config-file.ts";
import type { Settings } from "../session-settings.ts";
import { isOutOfProcess, isWritten, remark } from "./remark.ts";

export function storeAdvice({ sessionState }: Settings): Advice[] {
  const { mode, stateConnectionString, sqlConnectionString, compressionEnabled, partitionResolverType } = sessionState;
  const { allowCustomSqlDatabase } = sessionState;
  const advice: Advice[] = [];
  if (mode.value === "StateServer" && partitionResolverType.value === "") {
    const address = parseStateConnectionString(stateConnectionString.value);
    if (!isWritten(stateConnectionString)) {
      advice.push(
        remark(
          "state-server-default",
          "warning",
          mode,
          "mode is StateServer without a stateConnectionString: sessions go to tcpip=loopback:42424, the service of this very machine, and are not shared with other servers.",
        ),
      );
    } else if (address !== undefined && isLoopback(address.host)) {
      advice.push(
        remark(
          "state-server-loopback",
          "info",
          stateConnectionString,
          "The state service runs on the web server itself: it survives a recycle, but not the machine, and no other server sees its sessions.",
        ),
      );
    } else if (address !== undefined) {
      advice.push(
        remark(
          "state-server-remote",
          "info",
          stateConnectionString,
          `The state service at ${address.host} must have AllowRemoteConnection=1 and is a single point of failure: when it is gone, every request that carries a session fails. Every server must use the same application path, case included.`,
        ),
      );
    }
  }
  if (mode.value !== "StateServer" && isWritten(stateConnectionString)) {
    advice.push(
      remark(
        "state-connection-unused",
        "info",
        stateConnectionString,
        `stateConnectionString is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (mode.value !== "SQLServer" && isWritten(sqlConnectionString)) {
    advice.push(
      remark(
        "sql-connection-unused",
        "info",
        sqlConnectionString,
        `sqlConnectionString is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (mode.value !== "SQLServer" && allowCustomSqlDatabase.value) {
    advice.push(
      remark(
        "custom-database-unused",
        "info",
        allowCustomSqlDatabase,
        `allowCustomSqlDatabase is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (compressionEnabled.value && !isOutOfProcess(mode.value)) {
    advice.push(
      remark(
        "compression-unused",
        "warning",
        compressionEnabled,
        `compressionEnabled has no effect in ${mode.value} mode: only StateServer and SQLServer compress.`,
      ),
    );
  }
  return advice;
}

export function sqlAdvice({ sessionState }: Settings): Advice[] {
  const { mode, sqlConnectionString, sqlConnectionRetryInterval } = sessionState;
  if (mode.value !== "SQLServer") return [];
  const advice = [
    remark(
      "sql-agent-job",
      "warning",
      mode,
      "Expired rows are deleted by a SQL Server Agent job each minute (ASPState_Job_DeleteExpiredSessions): without the Agent they are never deleted. Until then, a request brings an expired session back to life.",
    ),
  ];
  if (!isWritten(sqlConnectionString) && sessionState.partitionResolverType.value === "") {
    advice.push(
      remark(
        "sql-connection-default",
        "warning",
        mode,
        "mode is SQLServer without a sqlConnectionString: sessions go to the database ASPState on localhost.",
      ),
    );
  }
  const retry = sqlConnectionRetryInterval.value;
  if (typeof retry === "number" && retry > 0 && retry % 60 === 0) {
    advice.push(
      remark(
        "retry-multiple-of-60",
        "warning",
        sqlConnectionRetryInterval,
        `sqlConnectionRetryInterval=${retry} means no retry: ASP.NET looks at the seconds of the time span alone, which are 0 at each whole minute. Write ${retry - 1}.`,
      ),
    );
  } else if (typeof retry === "number" && retry > 60) {
    advice.push(
      remark(
        "retry-over-a-minute",
        "info",
        sqlConnectionRetryInterval,
        `sqlConnectionRetryInterval=${retry}: ASP.NET decides whether to retry by the seconds of the time span alone (${retry % 60}), so multiples of 60 would turn it off.`,
      ),
    );
  }
  return advice;
}

export function credentialAdvice({ sessionState }: Settings): Advice[] {
  const { sqlConnectionString, stateConnectionString, providers } = sessionState;
  const holders = [sqlConnectionString, stateConnectionString]
    .filter((one) => holdsCredentials(one.value))
    .map((one) => one.origin);
  const secretive = providers.value.some((provider) =>
    Object.entries(provider.attributes).some(
      ([name, value]) => holdsCredentials(`${name}=${value}`) || holdsCredentials(value),
    ),
  );
  if (secretive) holders.push(providers.origin);
  return holders.map((origin) => ({
    code: "credentials-in-file",
    severity: "warning",
    message:
      "A password or key stands in the file in plain text (shown as *** here). Use integrated security, or encrypt the section with aspnet_regiis -pef.",
    origin,
  }));
}
