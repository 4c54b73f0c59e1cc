// What can become of a request that goes through the session module. When the store cannot be asked ASP.NET throws an HttpException,
// so the visitor gets HTTP 500 with its message; the failure beside the message is ours, short and the same for every failure of a
// kind, so that a run can count them.

import { StoreError, type StoreErrorKind } from "../../providers/store-error.ts";
import type { WaitFailure } from "./lock-wait.ts";

const storeFailures = {
  unreachable: "session store unreachable",
  timeout: "session store timed out",
  login: "session store login failed",
  schema: "session store not set up",
  protocol: "session store protocol error",
  full: "session store full",
  state: "session state not storable",
} as const satisfies Record<StoreErrorKind, string>;

type StoreFailure = (typeof storeFailures)[StoreErrorKind];

export type Failure = WaitFailure | StoreFailure | "page error";

export type Outcome =
  | {
      readonly kind: "served";
      /** The client is to have this id from now on; null when it stays with what it has. */
      readonly newSessionId: string | null;
      /** The client is to forget its id: it was the session itself, and the session is over. */
      readonly idIsOver: boolean;
      readonly lockWaitMs: number;
    }
  /** The page did not run: the client is to come again with this id in the address. */
  | { readonly kind: "redirected"; readonly sessionId: string; readonly lockWaitMs: number }
  | { readonly kind: "refused"; readonly lockWaitMs: number }
  | FailedOutcome;

export interface FailedOutcome {
  readonly kind: "failed";
  readonly failure: Failure;
  readonly message: string;
  readonly lockWaitMs: number;
}

/** As ASP.NET words them. */
const waitMessages: Readonly<Record<WaitFailure, string>> = {
  "request timed out": "Request timed out.",
  "queue limit of the session": "The request queue limit of the session is exceeded.",
};

export function waitFailed(failure: WaitFailure, lockWaitMs: number): FailedOutcome {
  return { kind: "failed", failure, message: waitMessages[failure], lockWaitMs };
}

/** What is in the session may turn out to be no value only when the page reads it: that is the store's failure, not the page's. */
export function pageFailed(error: Error, lockWaitMs: number): FailedOutcome {
  if (error instanceof StoreError) return storeFailed(error, lockWaitMs);
  return { kind: "failed", failure: "page error", message: error.message, lockWaitMs };
}

export function storeFailed(error: unknown, lockWaitMs: number): FailedOutcome {
  if (!(error instanceof StoreError)) throw error;
  return { kind: "failed", failure: storeFailures[error.kind], message: error.message, lockWaitMs };
}
