// Ten machines that fail now and then, and two people who mend them: how many machines stand still? Beside its closed form.
// In a program of yours the import is `from "sessionlab/sim"`.

import { closedForms, createSimulation, replicate } from "../sim/index.ts";

const FAILS = 0;
const MENDED = 1;
const HOUR_MS = 3_600_000;
const machines = 10;
const repairers = 2;
const upHours = 8;
const repairHours = 1;

function runOnce(seed: number) {
  const sim = createSimulation({ seed });
  const upMs = sim.draws("time to failure", { kind: "exponential", mean: upHours * HOUR_MS });
  const repairMs = sim.draws("repair", { kind: "exponential", mean: repairHours * HOUR_MS });
  const workshop = sim.station(repairers);
  const down = sim.level();

  function happens(kind: number, machine: number): void {
    if (kind === FAILS) {
      down.add(1);
      if (workshop.enter(machine)) sim.schedule(repairMs(), MENDED, machine);
    } else {
      down.add(-1);
      sim.schedule(upMs(), FAILS, machine);
      const next = workshop.leave();
      if (next >= 0) sim.schedule(repairMs(), MENDED, next);
    }
  }

  for (let machine = 0; machine < machines; machine++) sim.schedule(upMs(), FAILS, machine);
  sim.run({ warmupMs: 1000 * HOUR_MS, untilMs: 101_000 * HOUR_MS }, happens);
  return { down: down.mean(), "waiting for repair": workshop.waiting.mean(), "repairers busy": workshop.busy.mean() };
}

const truth = closedForms.machineRepair({
  machines,
  repairers,
  upSeconds: upHours * 3600,
  repairSeconds: repairHours * 3600,
});
const expected = {
  down: truth.downMean,
  "waiting for repair": truth.queueMean,
  "repairers busy": truth.repairersBusyMean,
};

console.log("on average           closed form   simulated   95 % interval");
const estimates = replicate({ seed: 2, replications: 10 }, runOnce);
for (const [name, { value, interval }] of Object.entries(estimates)) {
  const [exact, mean] = [expected[name as keyof typeof expected], value].map((x) => x.toFixed(4).padStart(12));
  console.log(`${name.padEnd(20)}${exact}${mean}   ${interval?.low.toFixed(4)} to ${interval?.high.toFixed(4)}`);
}
