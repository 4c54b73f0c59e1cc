// Which level of IIS's configuration each file and location belongs to, found from names, folders and content: machine and server
// files first, then applications, then folders below them. Levels decide what may be set where, and in which order scopes apply.

import type { ConfigFile, Scope } from "./config-file.ts";

/** In order of inheritance. `server` is ApplicationHost.config and the root web.config. */
export const levels = ["machine", "server", "application", "directory"] as const;
export type Level = (typeof levels)[number];

export interface LeveledFile {
  readonly config: ConfigFile;
  readonly level: Level;
  /** The path its own level has in the terms of `location`: `Default Web Site/shop`; empty where unknown or at the top. */
  readonly base: string;
}

/** A scope with what its place in the hierarchy says about it. */
export interface LeveledScope {
  readonly scope: Scope;
  readonly file: LeveledFile;
  readonly level: Level;
  /** Base of the file and path of the location together. */
  readonly fullPath: string;
  readonly depth: number;
}

/** @param target the location asked for; empty for none. It tells which sites the application files belong to. */
export function levelFiles(configs: readonly ConfigFile[], target: string): LeveledFile[] {
  const files: LeveledFile[] = [];
  const bases = applicationPaths(configs, target);
  configs.forEach((config, index) => {
    const earlier = files.filter((file) => file.level === "application");
    const level = fileLevel(config, configs, index);
    if (level !== "application") {
      files.push({ config, level, base: "" });
      return;
    }
    const parent = earlier.findLast((file) => folderBelow(file.config.file, config.file) !== undefined);
    const below = parent === undefined ? undefined : folderBelow(parent.config.file, config.file);
    if (parent !== undefined && below !== undefined && !isApplication(configs, below)) {
      files.push({ config, level: "directory", base: joinPath(parent.base, below) });
    } else {
      files.push({ config, level, base: bases[Math.min(earlier.length, bases.length - 1)] ?? "" });
    }
  });
  return files;
}

/** All scopes of a chain in the order in which they apply: by depth, at one depth in the order of the files. */
export function levelScopes(files: readonly LeveledFile[]): LeveledScope[] {
  const hasServer = files.some((file) => file.level === "server" || file.level === "machine");
  const scopes = files.flatMap((file) =>
    file.config.scopes.map((scope): LeveledScope => {
      const fullPath = joinPath(file.base, scope.path);
      const floor = file.level === "application" || file.level === "directory" ? (hasServer ? 1 : 0) : 0;
      const own = Math.max(segments(file.base).length, floor);
      const depth = own + segments(scope.path).length;
      return { scope, file, fullPath, depth, level: scopeLevel(files, file, scope, fullPath) };
    }),
  );
  return scopes.sort((left, right) => left.depth - right.depth);
}

export function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Windows paths and site names compare without regard to case. */
export function samePath(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** Whether `path` is `ancestor` or below it; the empty path is above everything. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === "" || samePath(path, ancestor) || path.toLowerCase().startsWith(`${ancestor.toLowerCase()}/`);
}

/** Root paths of the applications that hold `target`, outermost first, as far as the files tell. */
export function applicationPaths(configs: readonly ConfigFile[], target: string): string[] {
  if (target === "") return [];
  const sites = configs.flatMap((config) => config.server.sites);
  const paths = sites.flatMap((site) => [
    site.name,
    ...site.applications.filter((one) => one.path !== "/").map((one) => joinPath(site.name, one.path)),
  ]);
  const named = configs.filter((config) => fileLevel(config, configs, 0) !== "application");
  const siteNames = named.flatMap((config) => config.scopes.map((scope) => segments(scope.path)[0] ?? ""));
  const known = [...paths, ...siteNames].filter((path) => path !== "" && isWithin(target, path));
  const distinct = known.filter((path, index) => known.findIndex((other) => samePath(other, path)) === index);
  return distinct.sort((left, right) => segments(left).length - segments(right).length);
}

/** What a single file is, by what it holds and what it is called. */
function fileLevel(config: ConfigFile, configs: readonly ConfigFile[], index: number): Level {
  const name = baseName(config.file).toLowerCase();
  const declares = (section: string) => config.declarations.some((one) => one.section === section);
  if (name === "machine.config" || declares("system.web/sessionState")) return "machine";
  if (name === "applicationhost.config" || config.server.sites.length > 0 || declares("system.webServer/asp"))
    return "server";
  if (config.kind === "script") return "server";
  if (/[\\/]framework(64)?[\\/].*[\\/]config[\\/]web\.config$/i.test(config.file)) return "server";
  // The root web.config lies beside machine.config; it is only the root when a site's file follows.
  const beside = configs.slice(0, index).some((other) => {
    const isServer = /^(machine|applicationhost)\.config$/i.test(baseName(other.file));
    return isServer && samePath(folder(other.file), folder(config.file));
  });
  return beside && index < configs.length - 1 ? "server" : "application";
}

function scopeLevel(files: readonly LeveledFile[], file: LeveledFile, scope: Scope, fullPath: string): Level {
  if (scope.path === "" || file.level === "directory") return file.level;
  const depth = segments(fullPath).length;
  const configs = files.map((one) => one.config);
  const site = configs
    .flatMap((config) => config.server.sites)
    .find((one) => samePath(one.name, segments(fullPath)[0]!));
  // Without the list of sites, a path may well be an application of its own.
  if (site === undefined || depth === 1) return "application";
  const inSite = `/${segments(fullPath).slice(1).join("/")}`;
  return site.applications.some((one) => samePath(one.path, inSite)) ? "application" : "directory";
}

function isApplication(configs: readonly ConfigFile[], pathInSite: string): boolean {
  const applications = configs.flatMap((config) => config.server.sites).flatMap((site) => site.applications);
  return applications.some((one) => samePath(one.path, `/${pathInSite}`));
}

/** The folders between two files, when the second lies below the folder of the first. */
function folderBelow(above: string, below: string): string | undefined {
  const [upper, lower] = [segments(folder(above)), segments(folder(below))];
  if (lower.length <= upper.length) return undefined;
  const sharesAll = upper.every((segment, index) => samePath(segment, lower[index]!));
  return sharesAll ? lower.slice(upper.length).join("/") : undefined;
}

function joinPath(base: string, path: string): string {
  return [...segments(base), ...segments(path)].join("/");
}

function folder(file: string): string {
  return segments(file.replaceAll("\\", "/"))
    .filter((segment) => segment !== ".")
    .slice(0, -1)
    .join("/");
}

function baseName(file: string): string {
  return segments(file.replaceAll("\\", "/")).at(-1) ?? "";
}
