import { describe, expect, test } from "vitest";
import { providerList, providerNamed, scenariosOn } from "../../../cli/bench/named-providers.ts";
import { smallScenario } from "../../bench/small-scenario.ts";

describe("the stores of a ranking", () => {
  test("go by their names and by those that people use, with a module after a colon", () => {
    const named = providerList(
      "inproc, stateserver,postgres,mariadb,redis,sqlite,sealed-cookie,express-session:memorystore",
    );
    expect(named.map(({ provider, module }) => [provider, module])).toEqual([
      ["in-proc", null],
      ["state-server", null],
      ["postgresql", null],
      ["mariadb", null],
      ["redis", null],
      ["sqlite", null],
      ["sealed-cookie", null],
      ["express-session", "memorystore"],
    ]);
  });

  test("go by the same names one at a time; what no list has is no store", () => {
    expect(["postgres", "inproc", "sqlite", "oracle", "constructor"].map(providerNamed)).toEqual([
      "postgresql",
      "in-proc",
      "sqlite",
      undefined,
      undefined,
    ]);
  });

  test("are refused together where they are unknown, come twice, or have a module that they cannot have", () => {
    expect(() => providerList("oracle,redis,redis,sqlite:x")).toThrow(
      /"oracle"; expected in-proc, .*"sqlite:x"; .*"redis"; expected each store once/s,
    );
  });

  test("bring the mode that they keep the sessions of, and leave all else as it is", () => {
    const base = smallScenario();
    const scenarios = scenariosOn(
      base,
      providerList("inproc,stateserver,sqlite,redis,express-session:memorystore"),
      [],
    );
    expect(scenarios.map(({ site }) => site.mode)).toEqual(["InProc", "StateServer", "SQLServer", "Custom", "Custom"]);
    expect(scenarios[4]!.store).toMatchObject({ provider: "express-session", module: "memorystore", connections: [] });
    for (const { workload, run } of scenarios)
      expect({ workload, run }).toEqual({ workload: base.workload, run: base.run });
  });

  test("are where --connection says by name, several of one name being partitions", () => {
    const named = providerList("redis,postgres,express-session:connect-redis");
    const given = ["redis=redis://a", "redis=redis://b", "express-session:connect-redis=redis://c"];
    expect(scenariosOn(smallScenario(), named, given).map(({ store }) => store.connections)).toEqual([
      ["redis://a", "redis://b"],
      [],
      ["redis://c"],
    ]);
  });

  test("refuse a connection of none of them without printing it, and a store that lacks its module", () => {
    const ask = () => scenariosOn(smallScenario(), providerList("redis,express-session"), ["redis://:hush@host"]);
    expect(ask).toThrow(/--connection is number 1, for none of the stores.*"express-session"; expected the package/s);
    expect(ask).not.toThrow(/hush/);
  });

  test("refuse a connection of one that keeps sessions in the site's own process", () => {
    expect(() => scenariosOn(smallScenario(), providerList("inproc,redis"), ["inproc=redis://a"])).toThrow(
      /--connection is one for "inproc"; expected none/,
    );
  });

  test("keep the connection and the module of the scenario for its own store", () => {
    const base = smallScenario({ site: { mode: "Custom" }, store: { provider: "module", module: "./mine.mjs" } });
    expect(scenariosOn(base, providerList("module,redis"), [])[0]!.store.module).toBe("./mine.mjs");
  });

  test("are in process alone for classic ASP", () => {
    const base = smallScenario({ site: { technology: "asp" } });
    expect(() => scenariosOn(base, providerList("inproc,redis"), [])).toThrow(/"redis"; expected inproc alone/);
  });
});
