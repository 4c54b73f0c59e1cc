// The generator in the process it is made in: the runner's, or one of several that the runner has started.

import { assert } from "../../config/assert.ts";
import type { Scenario } from "../../config/scenario.ts";
import { watchBusy } from "../busy-share.ts";
import { machineClock } from "../clock.ts";
import type { HttpClient } from "../drivers/http/http-client.ts";
import { createJourneyDriver, type JourneyDriver, type VisitShare } from "../drivers/journeys/journeys.ts";
import { createMembers } from "../drivers/journeys/population.ts";
import { TOO_BUSY } from "../host/reply.ts";
import { createPace, machineTimers } from "../pace.ts";
import { untilAnswered } from "../waiting.ts";
import { type Generator, healthOf } from "./generator.ts";
import { createPortRelay } from "./port-relay.ts";

/** What was cut off may take so long to say so. */
const CUT_GRACE_MS = 1_000;

/** @param share of the visits; left out, all. */
export function createOwnGenerator(scenario: Scenario, client: HttpClient, share?: VisitShare): Generator {
  const pace = createPace(machineTimers(machineClock));
  const relay = createPortRelay();
  const members = createMembers(scenario);
  let begun: { readonly driver: JourneyDriver; readonly busyShare: () => number } | null = null;
  return {
    async tellPort(port) {
      relay.set(port);
    },
    async populate(signal, onStored) {
      await members?.store({ send: client.send, port: relay.port }, signal, onStored);
    },
    begin(startsAtMs) {
      const driver = createJourneyDriver({
        scenario,
        pace,
        clock: machineClock,
        startsAtMs,
        send: client.send,
        inFlight: client.inFlight,
        port: relay.port,
        refusalReason: TOO_BUSY,
        share,
        members: members ?? undefined,
      });
      begun = { driver, busyShare: watchBusy(pace.polledMs) };
      return driver;
    },
    recount: async () => undefined,
    async finish(graceMs) {
      assert(begun !== null, "a generator begins before it finishes");
      const { driver } = begun;
      const busyShare = begun.busyShare();
      await untilAnswered(client.inFlight, graceMs);
      client.close();
      await untilAnswered(client.inFlight, CUT_GRACE_MS);
      return { health: healthOf(driver, busyShare, null), death: null };
    },
    died: new Promise(() => undefined),
    kill() {
      pace.stop();
      client.close();
    },
  };
}
