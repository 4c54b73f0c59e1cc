// W2 in js-simulator 1: an event object a session, scheduled again for its next step from within its own update, and the loop of the
// library's README. The object is used again and again; none is made for a step.

import jssim from "js-simulator";
import { createDraws } from "./draws.ts";
import { StoredSessions } from "./stored-sessions.ts";
import type { W2Model, W2Outcome } from "./w2-model.ts";

export function runJsSimulator(model: W2Model): W2Outcome {
  const { arrivalsPerSecond, requestsMean, thinkMeanSeconds, timeoutSeconds, sessionsMax, durationSeconds } = model;
  const scheduler = new jssim.Scheduler();
  const draws = createDraws(model.seed);
  const stored = new StoredSessions(model);
  let visits = 0;
  let refused = 0;
  let requests = 0;
  let expired = 0;

  class Session extends jssim.SimEvent {
    requestsLeft = draws.geometric(requestsMean);

    override update(): void {
      if (this.requestsLeft === 0) {
        expired++;
        stored.change(this.time, -1);
        return;
      }
      requests++;
      if (--this.requestsLeft > 0) {
        const thinkSeconds = draws.exponential() * thinkMeanSeconds;
        if (thinkSeconds < timeoutSeconds) {
          scheduler.scheduleOnceIn(this, thinkSeconds);
          return;
        }
        this.requestsLeft = 0;
      }
      scheduler.scheduleOnceIn(this, timeoutSeconds);
    }
  }

  class Arrivals extends jssim.SimEvent {
    override update(): void {
      visits++;
      if (sessionsMax !== null && stored.level >= sessionsMax) {
        refused++;
        requests++;
      } else {
        stored.change(this.time, 1);
        new Session().update();
      }
      // Last, for it moves the time of this event.
      scheduler.scheduleOnceIn(this, draws.exponential() / arrivalsPerSecond);
    }
  }

  scheduler.scheduleOnceIn(new Arrivals(), draws.exponential() / arrivalsPerSecond);
  while (scheduler.hasEvents() && scheduler.current_time < durationSeconds) scheduler.update();
  return { visits, refused, requests, expired, ...stored.summary() };
}
