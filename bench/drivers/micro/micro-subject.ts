// A provider as the micro driver meets it: opened in this very process, on a server of ours where the scenario names none.

import { InputError } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { machineClock } from "../../clock.ts";
import { refuseUndrivable, storeSettings } from "../../host/host-settings.ts";
import { createInProcStore } from "../../providers/in-proc.ts";
import { openNamedStore } from "../../providers/open-session-store.ts";
import type { SessionStore } from "../../providers/session-store.ts";
import { startOwnStore } from "../../servers/own-store.ts";

export interface MicroSubject {
  readonly scenario: Scenario;
  readonly store: SessionStore;
  /** Engine and version; null in process. */
  readonly engine: string | null;
  /** Closes the store and ends a server of ours. */
  close(): Promise<void>;
}

/**
 * Nothing of a micro run happens in scenario time, so that a minute is a minute whatever run.timeScale says.
 * @throws InputError for a site that bench cannot drive, and for a store that cannot be started or reached.
 */
export async function openMicroSubject(scenario: Scenario): Promise<MicroSubject> {
  refuseUndrivable(scenario);
  const { site, store } = scenario;
  if (site.mode === "Off") throw nothingToCall(scenario);
  const settingsAt = (connections: readonly string[]) =>
    storeSettings({ ...scenario, run: { ...scenario.run, timeScale: 1 } }, connections);
  if (settingsAt([]).provider === "in-proc") return inProc(scenario);
  const { minuteMs } = settingsAt([]).options;
  const own = store.connections.length > 0 ? null : await startOwnStore(store, minuteMs);
  try {
    const opened = await openNamedStore(settingsAt(own?.connections ?? store.connections));
    return {
      scenario,
      store: opened.store,
      engine: opened.engine,
      async close() {
        try {
          await opened.close();
        } finally {
          await own?.stop();
        }
      },
    };
  } catch (error) {
    await own?.stop();
    throw error;
  }
}

function inProc(scenario: Scenario): MicroSubject {
  const events = { started: () => undefined, ended: () => undefined };
  const { expirySlideMinMs } = scenario.site;
  const store = createInProcStore({ clock: machineClock, expirySlideMinMs, events });
  return { scenario, store, engine: null, close: async () => undefined };
}

function nothingToCall({ name }: Scenario): InputError {
  const expected = "a mode that keeps sessions";
  return new InputError(`Cannot bench "${name}"`, [
    { at: "site.mode", given: "Off", expected, mend: "add --mode InProc, or another" },
  ]);
}
