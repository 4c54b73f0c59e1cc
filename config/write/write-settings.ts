// Settings back out, in the form of each tool that IIS administrators use. XML and AppCmd are read and written; the programs and
// scripts are only written. Forms: IIS documentation, samples of the session element, and the IIS WMI provider.

import type { Settings } from "../session-settings.ts";
import { type SectionToWrite, settingsToWrite, type WriteOptions } from "./settings-to-write.ts";
import { writeAppcmd } from "./write-appcmd.ts";
import { writeCsharp, writeVisualBasic } from "./write-managed.ts";
import { writePowershell } from "./write-powershell.ts";
import { writeJavascript, writeVbscript } from "./write-script.ts";
import { writeWmi } from "./write-wmi.ts";
import { writeXml } from "./write-xml.ts";

export const emitForms = ["xml", "appcmd", "csharp", "vb", "vbscript", "javascript", "powershell", "wmi"] as const;
export type EmitForm = (typeof emitForms)[number];

const writers: Record<EmitForm, (sections: readonly SectionToWrite[], location: string | null) => string> = {
  xml: writeXml,
  appcmd: writeAppcmd,
  csharp: writeCsharp,
  vb: writeVisualBasic,
  vbscript: writeVbscript,
  javascript: writeJavascript,
  powershell: writePowershell,
  wmi: writeWmi,
};

/**
 * The settings as text in one form, ending in a newline. Connection strings are written whole, passwords included.
 * @throws InputError when the form cannot carry a text or setting unchanged.
 */
export function writeSettings(settings: Settings, form: EmitForm, options: WriteOptions): string {
  return writers[form](settingsToWrite(settings, options), options.location);
}
