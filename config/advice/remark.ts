// What the advisers share: the shape of a remark and the question whether anybody wrote a setting.

import type { Advice } from "../read/config-file.ts";
import type { Setting } from "../session-settings.ts";

/** A remark that hangs on one setting. */
export function remark(code: string, severity: Advice["severity"], setting: Setting<unknown>, message: string): Advice {
  return { code, severity, message, origin: setting.origin };
}

export function isWritten(setting: Setting<unknown>): boolean {
  return setting.origin !== "default";
}

/** Modes that keep sessions outside the worker process, serialised by ASP.NET itself. */
export function isOutOfProcess(mode: string): boolean {
  return mode === "StateServer" || mode === "SQLServer";
}
