// W2 in simjs 2: one entity, the site; timers on it whose callback is the next step of a visit, as the library's documentation has
// it. An entity a session would be as natural and slower: simjs keeps every entity for ever.

import { createDraws } from "./draws.ts";
import { loadSimjs } from "./load-simjs.ts";
import { StoredSessions } from "./stored-sessions.ts";
import type { W2Model, W2Outcome } from "./w2-model.ts";

const { Entity, Sim } = loadSimjs();

interface Visit {
  requestsLeft: number;
}

class Site extends Entity {
  visits = 0;
  refused = 0;
  requests = 0;
  expired = 0;
  stored!: StoredSessions;
  #model!: W2Model;
  #draws!: ReturnType<typeof createDraws>;

  start(model: W2Model): void {
    this.#model = model;
    this.#draws = createDraws(model.seed);
    this.stored = new StoredSessions(model);
    this.awaitArrival();
  }

  awaitArrival(): void {
    this.setTimer(this.#draws.exponential() / this.#model.arrivalsPerSecond).done(this.arrive);
  }

  arrive(): void {
    this.awaitArrival();
    this.visits++;
    const { sessionsMax, requestsMean } = this.#model;
    if (sessionsMax !== null && this.stored.level >= sessionsMax) {
      this.refused++;
      this.requests++;
      return;
    }
    this.stored.change(this.time(), 1);
    this.request({ requestsLeft: this.#draws.geometric(requestsMean) });
  }

  request(visit: Visit): void {
    this.requests++;
    const { thinkMeanSeconds, timeoutSeconds } = this.#model;
    if (--visit.requestsLeft > 0) {
      const thinkSeconds = this.#draws.exponential() * thinkMeanSeconds;
      if (thinkSeconds < timeoutSeconds) {
        this.setTimer(thinkSeconds).done(this.request, this, visit);
        return;
      }
    }
    this.setTimer(timeoutSeconds).done(this.expire);
  }

  expire(): void {
    this.expired++;
    this.stored.change(this.time(), -1);
  }
}

export function runSimjs(model: W2Model): W2Outcome {
  const sim = new Sim();
  const site = sim.addEntity(Site, "site", model);
  sim.simulate(model.durationSeconds);
  const { visits, refused, requests, expired, stored } = site;
  return { visits, refused, requests, expired, ...stored.summary() };
}
