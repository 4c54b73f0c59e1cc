// What the runner and a generator process say to each other over Node's IPC channel.

import type { Scenario } from "../../config/scenario.ts";
import type { VisitCounts } from "../drivers/journeys/journey-record.ts";
import type { VisitShare } from "../drivers/journeys/journeys.ts";
import type { DriverRecord } from "./driver-record.ts";
import type { GeneratorHealth } from "./generator.ts";
import type { SiteClientSettings } from "./site-client.ts";

export type GeneratorCommand =
  | {
      readonly kind: "start";
      readonly scenario: Scenario;
      readonly share: VisitShare;
      readonly client: SiteClientSettings;
    }
  /** Requests go there from now on; null: nowhere, they wait. */
  | { readonly kind: "port"; readonly ticket: number; readonly port: number | null }
  /** Scenario time 0, by the clock that processes share. */
  | { readonly kind: "begin"; readonly startsAtSharedMs: number }
  | { readonly kind: "run" }
  | { readonly kind: "count"; readonly ticket: number }
  /** No visit goes on from here. */
  | { readonly kind: "end" }
  | { readonly kind: "finish"; readonly graceMs: number };

export type GeneratorReport =
  | { readonly kind: "ready" }
  /** The port, or the question, of this ticket has come through. */
  | { readonly kind: "heard"; readonly ticket: number; readonly counts: VisitCounts | null }
  /** The last of its visits is over. */
  | { readonly kind: "over" }
  | { readonly kind: "finished"; readonly record: DriverRecord; readonly health: GeneratorHealth }
  | { readonly kind: "failed"; readonly message: string };
