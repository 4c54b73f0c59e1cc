// Remarks on requests of one session that wait for each other, and on requests that touch a session without need.
// Source: .NET reference source, SessionStateModule.cs and AppSettings.cs.

import type { Surroundings } from "../read/apply-edits.ts";
import type { Advice } from "../read/config-file.ts";
import { loadDefaults, type Settings } from "../session-settings.ts";
import { isWritten, remark } from "./remark.ts";

const UNLIMITED_QUEUE = 2_147_483_647;

export function lockAdvice({ sessionState, load }: Settings, { debug }: Surroundings): Advice[] {
  if (sessionState.mode.value === "Off") return [];
  const { executionTimeout, requestQueueLimitPerSession: queueLimit, enableSessionState } = load;
  const advice: Advice[] = [];
  const seconds = executionTimeout.value;
  if (isWritten(executionTimeout) && seconds !== loadDefaults.executionTimeout) {
    const consequence =
      seconds < loadDefaults.executionTimeout
        ? "a page that runs longer loses its session lock to the next request, and its changes with it"
        : "a lock left behind by a dead worker blocks its session that long";
    advice.push(
      remark(
        "execution-timeout-breaks-locks",
        seconds > loadDefaults.executionTimeout ? "warning" : "info",
        executionTimeout,
        `executionTimeout=${seconds} s is also when a waiting request breaks a session lock, and when it gives up waiting: ${consequence}.${debug ? " With compilation debug=true pages themselves are not ended." : ""}`,
      ),
    );
  }
  if (isWritten(queueLimit) && queueLimit.value === UNLIMITED_QUEUE) {
    advice.push(
      remark(
        "queue-unlimited",
        "warning",
        queueLimit,
        "No limit on requests waiting for one session: a user who keeps reloading a slow page holds a waiting request each time.",
      ),
    );
  }
  if (isWritten(queueLimit) && queueLimit.value === 0) {
    advice.push(
      remark(
        "queue-zero",
        "warning",
        queueLimit,
        "A queue limit of 0 fails every request that finds its session locked.",
      ),
    );
  }
  if (enableSessionState.value === "false" && isWritten(enableSessionState)) {
    advice.push(
      remark(
        "pages-without-session",
        "info",
        enableSessionState,
        "Pages have no session unless they ask for one; a request that carries a session id still costs the store one call, to reset its timeout.",
      ),
    );
  }
  if (load.runAllManagedModulesForAllRequests.value) {
    advice.push(
      remark(
        "static-files-touch-session",
        "warning",
        load.runAllManagedModulesForAllRequests,
        "runAllManagedModulesForAllRequests sends every request, images and scripts too, through the session module: each one with a session id resets the timeout, one store call in all modes out of process.",
      ),
    );
  }
  return advice;
}
