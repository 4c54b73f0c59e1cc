// Logins to a farm that holds so many sessions and no more. A session lives for five minutes after each request: every request
// cancels the expiry that was due and sets another. How many logins find no room? Beside Erlang's formula.
// In a program of yours the import is `from "sessionlab/sim"`.

import { closedForms, createSimulation, createSlots, replicate } from "../sim/index.ts";

const LOGS_IN = 0;
const RETURNS = 1;
const EXPIRES = 2;
const loginsPerSecond = 2;
const timeoutMs = 300_000;
const thinkMsMean = 30_000;
const requestsMean = 5;
const sessionsMax = 830;

function runOnce(seed: number) {
  const sim = createSimulation({ seed });
  const gapMs = sim.draws("logins", { kind: "exponential", mean: 1000 / loginsPerSecond });
  const thinkMs = sim.draws("think", { kind: "exponential", mean: thinkMsMean });
  const returning = sim.uniforms("returning");
  const sessions = sim.level();
  // Of each visitor: the handle of the expiry (0 without a session), and whether another request is to come.
  const visitors = createSlots({ expiry: "f64", returns: "u8" });
  let wanted = 0;
  let refused = 0;

  /** A visitor asks for something: the session is renewed, or begun where there is none. */
  function request(visitor: number): void {
    const { columns } = visitors;
    if (columns.expiry[visitor] !== 0) {
      sim.cancel(columns.expiry[visitor]);
    } else {
      wanted++;
      if (sessions.value() === sessionsMax) {
        refused++;
        visitors.give(visitor);
        return;
      }
      sessions.add(1);
    }
    columns.expiry[visitor] = sim.scheduleCancellable(timeoutMs, EXPIRES, visitor);
    columns.returns[visitor] = returning.next() < 1 - 1 / requestsMean ? 1 : 0;
    if (columns.returns[visitor] === 1) sim.schedule(thinkMs(), RETURNS, visitor);
  }

  function happens(kind: number, id: number): void {
    if (kind === LOGS_IN) {
      const visitor = visitors.take();
      visitors.columns.expiry[visitor] = 0;
      request(visitor);
      sim.schedule(gapMs(), LOGS_IN);
    } else if (kind === RETURNS) {
      request(id);
    } else {
      sessions.add(-1);
      visitors.columns.expiry[id] = 0;
      if (visitors.columns.returns[id] === 0) visitors.give(id);
    }
  }

  sim.schedule(gapMs(), LOGS_IN);
  sim.run({ untilMs: 3_600_000 }, happens);
  [wanted, refused] = [0, 0];
  sim.run({ warmupMs: sim.nowMs, untilMs: 13 * 3_600_000 }, happens);
  return { sessions: sessions.mean(), "refused, %": (100 * refused) / wanted };
}

const erlangs = (loginsPerSecond * ((requestsMean - 1) * thinkMsMean + timeoutMs)) / 1000;
const blocked = closedForms.erlangB(sessionsMax, erlangs);
const expected = { sessions: erlangs * (1 - blocked), "refused, %": 100 * blocked };

console.log(`${erlangs} erlangs on ${sessionsMax} places`);
console.log("              closed form   simulated   95 % interval");
for (const [name, { value, interval }] of Object.entries(replicate({ seed: 3, replications: 10 }, runOnce))) {
  const [exact, mean] = [expected[name as keyof typeof expected], value].map((x) => x.toFixed(3).padStart(12));
  console.log(`${name.padEnd(13)}${exact}${mean}   ${interval?.low.toFixed(3)} to ${interval?.high.toFixed(3)}`);
}
