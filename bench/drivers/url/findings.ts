// What the audit tells of a run against somebody's site beside what it tells of any: where the session was found, what became of the
// sessions, and which bounds were felt.

import type { Scenario } from "../../../config/scenario.ts";
import type { Finding } from "../../audit/audit-finding.ts";
import type { Gate } from "./bounds.ts";
import type { UrlTarget } from "./open-foreign.ts";
import type { ProbeFinding } from "./probe.ts";
import type { SessionCounts } from "./session-watch.ts";

/** How the session was found. */
export function* sessionFindings({ carrier, reasons, others, adoptsIds }: ProbeFinding): Generator<Finding> {
  const rest = others.length === 0 ? "" : ` Other cookies: ${others.join("; ")}.`;
  if (carrier.kind === "none") {
    const asked =
      "A site may set one only once a page uses the session: name such pages with --page, or the cookie with --session-cookie.";
    yield { verdict: "valid", text: `No session cookie was seen.${rest} ${asked}` };
    return;
  }
  const what = carrier.kind === "cookie" ? `Session cookie ${carrier.name}` : "The session is in the address";
  yield { verdict: "valid", text: `${what}: ${reasons.join(", ")}.${rest}` };
  if (carrier.kind === "cookie" && carrier.holdsState) {
    yield {
      verdict: "valid",
      text: "The cookie changes with each answer, as one does that holds the session itself: a session that was not kept cannot be told from one that was.",
    };
  } else if (adoptsIds) {
    yield {
      verdict: "valid",
      text: "The site takes an id that it never gave as it is, as ASP.NET does: a session that is gone comes back empty under its old id and counts as kept.",
    };
  }
}

/** What became of the sessions. @param sessions of the whole run. */
export function* renewalFindings({
  lost,
  expired,
  keptIdleMaxMs,
  renewedIdleMinMs,
}: SessionCounts): Generator<Finding> {
  if (lost + expired === 0) return;
  const span = (ms: number | null) => (ms === null ? "none" : `${(ms / 1000).toFixed(1)} s`);
  yield {
    verdict: "valid",
    text:
      `${lost + expired} sessions were not kept: their visitors were given new ones, ${expired} of them after the scenario's timeout. ` +
      `Shortest pause before such an answer ${span(renewedIdleMinMs)}, longest pause after which a session was kept ${span(keptIdleMaxMs)}.`,
  };
}

/** Which bounds were felt. */
export function* boundFindings(gate: Gate, { bounds, site }: UrlTarget): Generator<Finding> {
  const reached = gate.reached();
  if (reached !== null) {
    const bound =
      reached === "requests"
        ? `${bounds.requestsMax} requests (--requests-max)`
        : `${bounds.secondsMax} s (--seconds-max)`;
    yield {
      verdict: "doubtful",
      text: `The run ended at its bound of ${bound}, the first look at the site included; the scenario asked for more.`,
    };
  }
  const { requests, longestMs } = gate.held();
  if (requests > 0) {
    yield {
      verdict: "doubtful",
      text:
        `${requests} requests were held back, for up to ${Math.round(longestMs)} ms, to send no more than ${bounds.perSecondMax} in any second ` +
        "(--rate-max): the site saw less than the scenario asked for. Response times leave that wait out.",
    };
  }
  if (site.tls?.insecure === true) {
    yield { verdict: "valid", text: "The site's certificate was not checked (--insecure)." };
  }
}

/** What of the scenario has no meaning at a site that is not ours. */
export function* scenarioFindings({ run, workload }: Scenario): Generator<Finding> {
  if (run.timeScale !== 1) {
    yield {
      verdict: "doubtful",
      text: `Visitors came and thought ${run.timeScale} times faster (run.timeScale), and the site's own clock did not: its sessions expire as ever.`,
    };
  }
  if (workload.population !== undefined) {
    yield {
      verdict: "valid",
      text: "Every visit was somebody new: a fixed population (workload.population) is for our own stores.",
    };
  }
  if (workload.logoutShare > 0) {
    yield { verdict: "valid", text: "Nobody logged out (workload.logoutShare): how is the site's own affair." };
  }
}
