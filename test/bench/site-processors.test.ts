import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { hostSettings } from "../../bench/host/host-settings.ts";
import { type HostHandle, startHost } from "../../bench/host/process/start-host.ts";
import { onProcessors, processorsIn, siteProcessors, withSiteApart } from "../../bench/site-processors.ts";
import { smallScenario } from "./small-scenario.ts";

function processorsOf(pid: number): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return processorsIn(list ?? "");
}

test("lists of processors are read as the system writes them", () => {
  expect(processorsIn("0-3,8")).toEqual([0, 1, 2, 3, 8]);
  expect(processorsIn("5")).toEqual([5]);
});

test("a command that runs on some processors alone", () => {
  expect(onProcessors([1, 3], ["node", "a.js"])).toEqual(["taskset", "--cpu-list", "1,3", "node", "a.js"]);
});

const all = process.platform === "linux" ? processorsOf(process.pid) : [];

describe.skipIf(all.length < 2)("the site apart (skipped with fewer than two processors, and without Linux)", () => {
  let host: HostHandle | null = null;
  afterEach(() => host?.kill());

  test("a host is started on processors that this process keeps off, and everything is as before afterwards", async () => {
    const own = await withSiteApart(1, async () => {
      host = await startHost(hostSettings(smallScenario(), [], null));
      expect(processorsOf(host.pid)).toEqual(siteProcessors());
      return processorsOf(process.pid);
    });
    const site = processorsOf(host!.pid);
    expect(site).toEqual([all[all.length - 1]]);
    expect(own).toEqual(all.slice(0, -1));
    expect(processorsOf(process.pid)).toEqual(all);
    expect(siteProcessors()).toBeNull();
  });

  test("a site never takes the last processor from those who load it, and what fails leaves nothing behind", async () => {
    const failed = withSiteApart(1_000, async () => {
      expect(siteProcessors()).toEqual(all.slice(1));
      expect(processorsOf(process.pid)).toEqual([all[0]]);
      throw new Error("as planned");
    });
    await expect(failed).rejects.toThrow("as planned");
    expect(processorsOf(process.pid)).toEqual(all);
  });

  test("one inside another changes nothing", async () => {
    await withSiteApart(1, async () => {
      const before = siteProcessors();
      await withSiteApart(2, async () => expect(siteProcessors()).toEqual(before));
      expect(siteProcessors()).toEqual(before);
    });
  });

  test("where the tool is missing the site shares", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nowhere";
    try {
      await withSiteApart(1, async () => expect(siteProcessors()).toBeNull());
    } finally {
      process.env.PATH = path;
    }
    expect(processorsOf(process.pid)).toEqual(all);
  });
});
