// Files in order of inheritance to effective settings: which location is meant, which scopes apply to it and in what order, and
// whether the outcome is one that IIS and ASP.NET would take.

import { InputError, type Problem } from "../problem.ts";
import type { Settings } from "../session-settings.ts";
import { suggestion } from "../setting-values.ts";
import { ASP, SESSION_STATE } from "../settings-schema.ts";
import { applyScopes, type Effective, type Surroundings } from "./apply-edits.ts";
import { checkSettings } from "./check-settings.ts";
import {
  type Advice,
  type ConfigFile,
  type ConfigKind,
  isSessionEdit,
  originOf,
  type SchemaReport,
} from "./config-file.ts";
import {
  applicationPaths,
  isWithin,
  type LeveledFile,
  type LeveledScope,
  levelFiles,
  levelScopes,
  samePath,
  segments,
} from "./config-levels.ts";

export interface ResolvedSettings {
  readonly files: readonly string[];
  readonly kind: ConfigKind;
  /** The location whose settings these are; null for the root of the chain. */
  readonly location: string | null;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Every location the files name, in order of appearance. */
  readonly locations: readonly string[];
  readonly schema?: SchemaReport;
  /** What reading brought up; settings-advice.ts adds what the settings themselves bring up. */
  readonly advice: readonly Advice[];
}

/**
 * The settings that hold for one location of a chain.
 * @param configs in order of inheritance: machine.config, ApplicationHost.config, root web.config, site, directory.
 * @param location `Default Web Site/shop`; without it the root of the chain, unless only one location says anything about sessions.
 * @throws InputError with every problem of every file.
 */
export function resolveChain(configs: readonly ConfigFile[], location?: string): ResolvedSettings {
  const files = configs.map((config) => config.file);
  const action = `Cannot read settings from ${files.map((file) => `"${file}"`).join(", ")}`;
  const problems: Problem[] = configs.flatMap((config) => config.problems);
  const locations = distinctPaths(configs);
  const target = location === undefined ? onlyLocation(configs) : cleanPath(location);
  if (location !== undefined && !isKnown(target, locations, configs))
    problems.push(unknownLocation(location, locations));
  if (problems.length > 0) throw new InputError(action, problems);

  const partial = configs.some((config) => config.kind === "xdt");
  const effective = effectiveAt(configs, target, partial);
  problems.push(...effective.problems);
  if (location === undefined) {
    // Nobody asked for these paths, but a mistake that waits in one of them is a mistake in the file.
    const speaking = configs.flatMap((config) => config.scopes.filter((scope) => scope.sections.size > 0));
    const paths = new Set(speaking.map((scope) => scope.path.toLowerCase()));
    for (const path of locations.filter((one) => paths.has(one.toLowerCase())))
      problems.push(...effectiveAt(configs, path, partial).problems);
  }
  if (problems.length > 0) throw new InputError(action, distinctProblems(problems));

  const kinds = new Set(configs.map((config) => config.kind));
  const schema = configs.find((config) => config.schema !== undefined)?.schema;
  return {
    files,
    kind: kinds.size === 1 ? configs[0]!.kind : "config",
    location: target === "" ? null : (locations.find((path) => samePath(path, target)) ?? target),
    settings: withQueueDefault(effective),
    surroundings: effective.surroundings,
    locations,
    ...(schema === undefined ? {} : { schema }),
    advice: [...configs.flatMap((config) => config.advice), ...chainAdvice(configs, target, location, effective)],
  };
}

function effectiveAt(configs: readonly ConfigFile[], target: string, partial: boolean): Effective {
  const files = levelFiles(configs, target);
  const scopes = levelScopes(files).filter((scope) => applies(scope, target, files));
  const effective = applyScopes(scopes, files);
  return { ...effective, problems: [...effective.problems, ...checkSettings(effective, partial)] };
}

function applies(leveled: LeveledScope, target: string, files: readonly LeveledFile[]): boolean {
  const { scope, fullPath, file } = leveled;
  const reaches = scope.path === "" || (target !== "" && (isWithin(target, fullPath) || isWithin(target, scope.path)));
  if (!reaches || scope.inheritInChildApplications) return reaches;
  const later = files.slice(files.indexOf(file) + 1);
  const childFile = file.level === "application" && later.some((one) => one.level === "application");
  const applications = applicationPaths(
    files.map((one) => one.config),
    target,
  );
  return (
    !childFile &&
    !applications.some((path) => fullPath !== "" && path.length > fullPath.length && isWithin(path, fullPath))
  );
}

function distinctPaths(configs: readonly ConfigFile[]): string[] {
  const paths = configs.flatMap((config) => config.scopes.map((scope) => scope.path)).filter((path) => path !== "");
  return paths.filter((path, index) => paths.findIndex((other) => samePath(other, path)) === index);
}

/** The one location that says something about sessions while nothing outside locations does; else the root, "". */
function onlyLocation(configs: readonly ConfigFile[]): string {
  const paths = configs.flatMap((config) =>
    config.scopes.filter((scope) => scope.edits.some(isSessionEdit)).map((scope) => scope.path),
  );
  const first = paths[0] ?? "";
  return paths.every((path) => path !== "" && samePath(path, first)) ? first : "";
}

function cleanPath(path: string): string {
  return segments(path.replaceAll("\\", "/")).join("/");
}

function isKnown(target: string, locations: readonly string[], configs: readonly ConfigFile[]): boolean {
  return (
    target === "" || locations.some((path) => isWithin(target, path)) || applicationPaths(configs, target).length > 0
  );
}

function unknownLocation(location: string, locations: readonly string[]): Problem {
  const mend = locations.length === 0 ? "leave --location out: the files name none" : suggestion(location, locations);
  return {
    at: "--location",
    given: `"${location}"`,
    expected: "a location or site in the files, or a path below one",
    mend,
  };
}

/** Applications that target a framework before 4.7 have no queue limit unless they set one (BinaryCompatibility in AppSettings.cs). */
function withQueueDefault({ settings, surroundings }: Effective): Settings {
  const { load } = settings;
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(surroundings.targetFramework)?.map(Number) ?? [];
  if (load.requestQueueLimitPerSession.written !== undefined || major === undefined || minor === undefined)
    return settings;
  if (major > 4 || (major === 4 && minor >= 7)) return settings;
  return { ...settings, load: { ...load, requestQueueLimitPerSession: { value: 2_147_483_647, origin: "default" } } };
}

function chainAdvice(
  configs: readonly ConfigFile[],
  target: string,
  asked: string | undefined,
  effective: Effective,
): Advice[] {
  const advice: Advice[] = [];
  const files = levelFiles(configs, target);
  const scopes = levelScopes(files);
  if (asked === undefined && target !== "") {
    const scope = scopes.find((one) => samePath(one.scope.path, target))!.scope;
    const message = `Only the location "${target}" says anything about sessions: these are its settings.`;
    advice.push({ code: "location-taken", severity: "info", message, origin: originOf(scope.place) });
  }
  for (const { scope, file, level } of scopes) {
    const speaks = scope.edits.some(isSessionEdit);
    if (asked === undefined && target === "" && scope.path !== "" && speaks) {
      const message = `The location "${scope.path}" has session settings of its own, not shown here: give --location "${scope.path}" to see them.`;
      advice.push({ code: "other-location", severity: "warning", message, origin: originOf(scope.place) });
    }
    const sessionState = scope.sections.get(SESSION_STATE);
    if (sessionState !== undefined && scope.path !== "" && file.level === "application" && level === "application") {
      const message = `sessionState may not be set below application level: "${scope.path}" must be an application of its own, or ASP.NET refuses it.`;
      advice.push({ code: "below-application", severity: "warning", message, origin: originOf(sessionState) });
    }
    const asp = scope.sections.get(ASP);
    const alone = files.every((one) => one.level === "application" || one.level === "directory");
    if (asp !== undefined && scope.path === "" && alone && file.config.kind === "config") {
      const message =
        "The section system.webServer/asp is locked by default: in a site's web.config it fails (500.19) unless the server unlocks it. Set it in ApplicationHost.config under <location path>.";
      advice.push({ code: "asp-section-locked", severity: "warning", message, origin: originOf(asp) });
    }
  }
  return [...advice, ...gardenAdvice(configs, target, effective.settings)];
}

/** Sessions kept in one process are unknown to the other processes of the pool. */
function gardenAdvice(configs: readonly ConfigFile[], target: string, settings: Settings): Advice[] {
  if (settings.sessionState.mode.value !== "InProc" && !settings.aspSession.allowSessionState.value) return [];
  const pools = configs.flatMap((config) => config.server.pools).filter((pool) => pool.processesMax !== 1);
  const sites = configs.flatMap((config) => config.server.sites);
  const site = sites.find((one) => samePath(one.name, segments(target)[0] ?? ""));
  const used = site?.applications.map((application) => application.pool);
  return pools
    .filter((pool) => pool.name === "" || used === undefined || used.includes(pool.name))
    .map((pool) => ({
      code: "web-garden",
      severity: "warning",
      message: `${pool.name === "" ? "By default a pool" : `The pool "${pool.name}"`} has maxProcesses=${pool.processesMax}: with sessions kept in the worker process (InProc, classic ASP), a user loses the session whenever another process answers.`,
      origin: originOf(pool.place),
    }));
}

function distinctProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}
