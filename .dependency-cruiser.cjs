// The arrows of ARCHITECTURE.md, kept: what may import what. `npm run arrows` fails on the first one that points back.
const room = (name) => `^${name}/`;
const forbid = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    forbid("config-stands-alone", room("config"), "^(workload|metrics|sim|planning|bench|reports|cli|test)/"),
    forbid("workload-on-config", room("workload"), "^(metrics|sim|planning|bench|reports|cli|test)/"),
    forbid("metrics-on-config", room("metrics"), "^(workload|sim|planning|bench|reports|cli|test)/"),
    forbid("sim-knows-no-bench", room("sim"), "^(planning|bench|reports|cli|test)/"),
    forbid("plan-knows-no-bench", room("planning"), "^(bench|reports|cli|test)/"),
    forbid("bench-knows-no-sim", room("bench"), "^(sim|planning|reports|cli|test)/"),
    forbid("reports-on-metrics", room("reports"), "^(sim|planning|bench|workload|cli|test)/"),
    forbid("cli-is-the-top", room("cli"), room("test")),
    forbid("examples-use-public-rooms", room("examples"), "^(bench|reports|cli|config|proof|test)/"),
    forbid(
      "nothing-needs-an-example",
      "^(config|workload|metrics|sim|planning|bench|reports|cli|proof)/",
      room("examples"),
    ),
    forbid(
      "nothing-rests-on-the-proof",
      "^(config|workload|metrics|sim|planning|bench|reports|cli|bin)/",
      room("proof"),
    ),
    forbid("no-proof-needs-a-test", room("proof"), room("test")),
    {
      name: "pure-rooms-run-in-a-browser",
      severity: "error",
      comment: "sim, workload, metrics and config read no file and no clock: no node: module in them",
      from: { path: "^(sim|planning|workload|metrics|config)/" },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" }, exclude: { path: "^dist/" } },
};
