// Visits that wait for the moment at which they want a session: how far each has come, and the sessions he may have in other stores.

import { createSlots } from "../engine/slots.ts";
import type { SessionLives } from "./session-lives.ts";

/** The visit that is being walked. */
export interface VisitUnderWay {
  visit: number;
  /** The page view, and which of its requests, come next. */
  step: number;
  number: number;
  /** Times that he was refused in a row. */
  attempt: number;
  /** 1 once he carries the id of a session. */
  cookie: number;
  /** The process he was moved to; −1 for none. */
  movedTo: number;
}

export interface ParkedVisits {
  /** @returns the place of the visit under way among those parked. */
  park(): number;
  /** The visit at that place is under way again. */
  fetch(slot: number): void;
}

export function createParkedVisits(under: VisitUnderWay, lives: SessionLives): ParkedVisits {
  const places = lives.storeOf.length;
  const parked = createSlots(
    {
      visit: "f64",
      step: "i32",
      number: "i32",
      attempt: "i32",
      cookie: "u8",
      movedTo: "i32",
      startedAtMs: "f64",
      expiresAtMs: "f64",
      lostAtMs: "f64",
      bytes: "f64",
    },
    { startedAtMs: places, expiresAtMs: places, lostAtMs: places, bytes: places },
  );
  return {
    park() {
      const slot = parked.take();
      const { columns } = parked;
      columns.visit[slot] = under.visit;
      columns.step[slot] = under.step;
      columns.number[slot] = under.number;
      columns.attempt[slot] = under.attempt;
      columns.cookie[slot] = under.cookie;
      columns.movedTo[slot] = under.movedTo;
      for (let place = 0; place < places; place++) {
        columns.startedAtMs[slot * places + place] = lives.startedAtMs[place];
        columns.expiresAtMs[slot * places + place] = lives.expiresAtMs[place];
        columns.lostAtMs[slot * places + place] = lives.lostAtMs[place];
        columns.bytes[slot * places + place] = lives.bytes[place];
      }
      return slot;
    },
    fetch(slot) {
      const { columns } = parked;
      under.visit = columns.visit[slot];
      under.step = columns.step[slot];
      under.number = columns.number[slot];
      under.attempt = columns.attempt[slot];
      under.cookie = columns.cookie[slot];
      under.movedTo = columns.movedTo[slot];
      for (let place = 0; place < places; place++) {
        lives.startedAtMs[place] = columns.startedAtMs[slot * places + place];
        lives.expiresAtMs[place] = columns.expiresAtMs[slot * places + place];
        lives.lostAtMs[place] = columns.lostAtMs[slot * places + place];
        lives.bytes[place] = columns.bytes[slot * places + place];
      }
      parked.give(slot);
    },
  };
}
