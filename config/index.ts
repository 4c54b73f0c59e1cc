// The public door of config: read and write settings, read scenarios.

export { settingsAdvice } from "./advice/settings-advice.ts";
export { builtInCalibration } from "./built-in-calibration.ts";
export { parseCalibration } from "./calibration.ts";
export type { WorkloadFile } from "./file/workload.ts";
export { parseScenario, parseWorkload } from "./parse-scenario.ts";
export { InputError, type Problem } from "./problem.ts";
export { resolveChain } from "./read/config-chain.ts";
export { decodeConfigText } from "./read/decode-config-text.ts";
export { readAppcmd } from "./read/read-appcmd.ts";
export { readXmlConfig } from "./read/read-xml-config.ts";
export { resolveScenario } from "./resolve-scenario.ts";
export type * from "./scenario.ts";
export { type ScenarioFile, scenarioJsonSchema } from "./scenario-file.ts";
export * from "./session-settings.ts";
export { writeSettings } from "./write/write-settings.ts";
