// Remarks on where sessions live: the mode, the module that runs it, and what stands in the file to no effect.
// Source: .NET reference source, SessionStateModule.cs; IIS documentation.

import type { Surroundings } from "../read/apply-edits.ts";
import type { Advice } from "../read/config-file.ts";
import type { Setting, Settings } from "../session-settings.ts";
import { isOutOfProcess, isWritten, remark } from "./remark.ts";

export function modeAdvice({ sessionState }: Settings, { sessionModule }: Surroundings): Advice[] {
  const { mode, customProvider, sessionIDManagerType, partitionResolverType } = sessionState;
  const advice: Advice[] = [];
  if (mode.value === "InProc" && isWritten(mode)) {
    advice.push(
      remark(
        "in-proc-one-process",
        "info",
        mode,
        "InProc keeps sessions in one worker process: a recycle, a deployment or a change to web.config loses them all, and a web garden or a farm without affinity loses them between processes.",
      ),
    );
  }
  if (isOutOfProcess(mode.value)) {
    advice.push(
      remark(
        "session-end-never",
        "info",
        mode,
        `Session_End is raised in InProc only: in ${mode.value} mode the handler never runs.`,
      ),
    );
  }
  if (mode.value === "Custom") {
    advice.push(
      remark(
        "session-end-unlikely",
        "info",
        mode,
        "Session_End runs only if the provider reports expiry, and the known ones (Redis, SQL) do not: do not count on the handler.",
      ),
    );
  }
  if (isOutOfProcess(mode.value)) {
    advice.push(
      remark(
        "whole-session-serialised",
        "info",
        mode,
        `In ${mode.value} mode the whole session is read for each request that uses it, and written back whole when any item changed or a mutable one was read; every item must be serialisable.`,
      ),
    );
  }
  if (customProvider.value !== "" && mode.value !== "Custom") {
    advice.push(
      remark(
        "custom-provider-unused",
        "warning",
        customProvider,
        `customProvider is set, but mode is ${mode.value}: it has no effect.`,
      ),
    );
  }
  if (sessionIDManagerType.value !== "") {
    advice.push(
      remark(
        "own-session-ids",
        "info",
        sessionIDManagerType,
        "Session ids come from a class of the site's own: how they are made, carried and reissued is up to it.",
      ),
    );
  }
  if (partitionResolverType.value !== "") {
    advice.push(
      remark(
        "partition-resolver",
        "info",
        partitionResolverType,
        "With a partition resolver the connection strings here are ignored: the resolver gives one for each session id.",
      ),
    );
  }
  if (sessionModule !== undefined && !sessionModule.value.startsWith("System.Web.SessionState.SessionStateModule")) {
    advice.push(moduleRemark(sessionModule, mode.value));
  }
  return advice;
}

function moduleRemark(module: Setting<string>, mode: string): Advice {
  if (module.value === "") {
    return remark(
      "session-module-removed",
      "warning",
      module,
      "The module named Session is removed: no page has session state, whatever <sessionState> says.",
    );
  }
  if (/SessionStateModuleAsync/.test(module.value)) {
    const refused =
      mode === "StateServer" || mode === "SQLServer" ? ` It takes InProc and Custom only, not ${mode}.` : "";
    return remark(
      "session-module-async",
      refused === "" ? "info" : "warning",
      module,
      `The asynchronous session module stands in for ASP.NET's own: it waits for locks in its own way, with a queue limit of 50.${refused}`,
    );
  }
  return remark(
    "session-module-replaced",
    "warning",
    module,
    `The module ${module.value.split(",")[0]} stands in for ASP.NET's own: locks, expiry and store may differ from what is said here.`,
  );
}
