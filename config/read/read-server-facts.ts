// Sites, applications and application pools of ApplicationHost.config: they tell which path is an application of its own, and
// which pool is a web garden, where sessions kept in one process are lost to the others.

import type { Problem } from "../problem.ts";
import type { ServerFacts, SiteApplication } from "./config-file.ts";
import { attributeOf, type XmlElement } from "./xml-tree.ts";

export const noServer: ServerFacts = { sites: [], pools: [] };

/** Reads `<system.applicationHost>`; empty lists when there is none. */
export function readServerFacts(configuration: XmlElement, problems: Problem[]): ServerFacts {
  const host = childrenNamed(configuration, "system.applicationHost");
  const pools = host
    .flatMap((one) => childrenNamed(one, "applicationPools"))
    .flatMap((one) => one.children)
    .filter((one) => one.name === "add" || one.name === "applicationPoolDefaults")
    .map((pool) => {
      const name = pool.name === "add" ? (attributeOf(pool, "name") ?? "") : "";
      return { name, processesMax: processesMax(pool, problems), place: pool.place };
    });
  const sites = host
    .flatMap((one) => childrenNamed(one, "sites"))
    .flatMap((one) => childrenNamed(one, "site"))
    .map((site) => ({ name: attributeOf(site, "name") ?? "", applications: readApplications(site) }));
  return { sites, pools };
}

function readApplications(site: XmlElement): SiteApplication[] {
  return childrenNamed(site, "application").map((application) => ({
    path: attributeOf(application, "path") ?? "/",
    pool: attributeOf(application, "applicationPool") ?? "",
  }));
}

/** `processModel maxProcesses`: 1 unless written; 0 means one a NUMA node. */
function processesMax(pool: XmlElement, problems: Problem[]): number {
  const model = childrenNamed(pool, "processModel")[0];
  const written = model === undefined ? undefined : attributeOf(model, "maxProcesses");
  if (model === undefined || written === undefined) return 1;
  if (/^\s*\d{1,9}\s*$/.test(written)) return Number(written);
  const expected = "a whole number, at least 0";
  problems.push({
    at: "<processModel> maxProcesses",
    given: `"${written}"`,
    expected,
    mend: "leave it out to get 1",
    ...model.place,
  });
  return 1;
}

function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
