// Formulas of systems that refuse whom they have no room for.

import type { Command } from "commander";
import { engset } from "../../sim/analytic/engset.ts";
import { erlangB, erlangBLoad, erlangBPlaces } from "../../sim/analytic/erlang.ts";
import { mm1k } from "../../sim/analytic/mm1k.ts";
import { formulaCommand, leftOut } from "./formula-command.ts";
import { servedAs } from "./formula-queues.ts";

export function erlangBCommand(): Command {
  return formulaCommand<{ places: number; erlangs: number; refusedShare: number }>({
    name: "erlang-b",
    title: "Erlang B",
    summary: "the share refused at a cap; places for a load; the load for places",
    arguments: [
      { name: "places", about: "places (a cap, lines, servers)" },
      { name: "erlangs", about: "offered load: arrivals a second × seconds each holds a place" },
      { name: "refusedShare", about: "share of arrivals that find no place, as 0.01 or 1%" },
    ],
    equation:
      "B(n, a) = (aⁿ/n!) / Σ aᵏ/k!, k = 0 … n. Poisson arrivals, any holding time; who is refused does not come back.",
    source: "A. K. Erlang, 1917",
    examples: [
      "--places 70000 --erlangs 73500",
      "--erlangs 73500 --refused-share 0.1%     # places",
      "--places 15 --refused-share 1%           # load",
    ],
    solve: (given) => {
      const { places, erlangs, refusedShare } = given;
      const asked = leftOut("Erlang B", given, ["places", "erlangs", "refusedShare"]);
      if (asked === "refusedShare") return answersOf(places, erlangs);
      if (asked === "erlangs") return [{ key: "erlangs", value: erlangBLoad(places, refusedShare) }];
      const needed = erlangBPlaces(erlangs, refusedShare);
      return [{ key: "places", value: needed }, ...answersOf(needed, erlangs)];
    },
  });
}

function answersOf(places: number, erlangs: number) {
  const refused = erlangB(places, erlangs);
  return [
    { key: "refusedShare", value: refused, unit: "share" },
    { key: "carriedErlangs", value: erlangs * (1 - refused) },
  ];
}

export function engsetCommand(): Command {
  return formulaCommand<{ places: number; sources: number; erlangsPerIdleSource: number }>({
    name: "engset",
    title: "Engset",
    summary: "the share refused when few sources share places",
    arguments: [
      { name: "places", about: "places", needed: true },
      { name: "sources", about: "sources; one that holds a place asks for no other", needed: true },
      { name: "erlangsPerIdleSource", about: "requests a second of an idle source × seconds each holds", needed: true },
    ],
    equation:
      "E(n, S, α) = C(S, n) αⁿ / Σ C(S, k) αᵏ of the time all n places are taken; of requests, E(n, S − 1, α) are refused.",
    source: "T. O. Engset, 1918; V. B. Iversen, Teletraffic Engineering Handbook (ITU-D)",
    examples: ["--places 3 --sources 4 --erlangs-per-idle-source 0.333"],
    solve: ({ places, sources, erlangsPerIdleSource }) => {
      const form = engset(places, sources, erlangsPerIdleSource);
      return [
        { key: "callCongestion", value: form.callCongestion, unit: "share" },
        { key: "timeCongestion", value: form.timeCongestion, unit: "share" },
        { key: "carriedErlangs", value: form.carriedErlangs },
      ];
    },
  });
}

export function mm1kCommand(): Command {
  return formulaCommand<{ arrivalsPerSecond: number; serviceSeconds: number; places: number }>({
    name: "mm1k",
    title: "M/M/1/K",
    summary: "one server with room for K; whoever finds no room is refused",
    arguments: [
      { name: "arrivalsPerSecond", about: "Poisson arrivals", needed: true },
      { name: "serviceSeconds", about: "mean service time, exponential", needed: true },
      { name: "places", about: "room, the one in service included", needed: true },
    ],
    equation: "P(n) = ρⁿ(1 − ρ)/(1 − ρ^(K+1)), ρ = λs; P(K) is the share refused.",
    source: "D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.4",
    examples: ["--arrivals-per-second 90 --service-seconds 0.01 --places 20"],
    solve: (given) => {
      const form = mm1k(given);
      return [
        { key: "refusedShare", value: form.refusedShare, unit: "share" },
        { key: "servedPerSecond", value: form.servedPerSecond, unit: "/s" },
        ...servedAs(form),
      ];
    },
  });
}
