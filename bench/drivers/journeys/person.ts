// Who visits the site: what he brings along from page to page. By his number the size of his session and whether he takes cookies are
// looked up.

import type { Scenario } from "../../../config/scenario.ts";
import type { Journeys } from "../../../workload/journeys.ts";
import { NO_COOKIE_DEVICE } from "../../host/ids/browser-definitions.ts";
import type { Surfer } from "../http/browser.ts";
import { createCookieJar, noCookies } from "../http/cookie-jar.ts";
import { USER_AGENT } from "../http/http-client.ts";
import { addressOf } from "./page-path.ts";

export interface Person extends Surfer {
  readonly number: number;
}

/** @returns one who was never here before. */
export function createPerson({ site }: Scenario, journeys: Journeys, number: number): Person {
  const takesNone = journeys.withoutCookies(number);
  return {
    number,
    jar: takesNone ? noCookies : createCookieJar(site.https),
    address: addressOf(number),
    // By the device's profile is the one way of finding out in which the site goes by what the visitor calls himself.
    userAgent: takesNone && site.cookieless === "UseDeviceProfile" ? NO_COOKIE_DEVICE : USER_AGENT,
    segment: "",
  };
}
