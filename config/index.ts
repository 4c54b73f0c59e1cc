// The public door of config: read and write settings, read scenarios.

export { builtInCalibration, parseCalibration } from "./calibration.ts";
export { resolveChain } from "./config-chain.ts";
export { decodeConfigText } from "./decode-config-text.ts";
export { parseScenario, parseWorkload } from "./parse-scenario.ts";
export { InputError, type Problem } from "./problem.ts";
export { readAppcmd } from "./read-appcmd.ts";
export { readXmlConfig } from "./read-xml-config.ts";
export { resolveScenario } from "./resolve-scenario.ts";
export type * from "./scenario.ts";
export { type ScenarioFile, scenarioJsonSchema, type WorkloadFile } from "./scenario-file.ts";
export * from "./session-settings.ts";
export { settingsAdvice } from "./settings-advice.ts";
export { writeSettings } from "./write-settings.ts";
