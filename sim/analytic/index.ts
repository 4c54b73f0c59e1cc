// Every closed form, each a pure function of numbers.

export * from "./closed-forms.ts";
export * from "./engset.ts";
export * from "./erlang.ts";
export * from "./erlang-c.ts";
export * from "./machine-repair.ts";
export * from "./mm1k.ts";
export * from "./mmc.ts";
export * from "./poisson.ts";
export * from "./sliding-session.ts";
