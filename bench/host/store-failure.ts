// What a visitor is told when the store could not be asked. ASP.NET throws an HttpException, so he gets HTTP 500 with its message;
// the reason phrase is ours, short and the same for every failure of a kind, so that a run can count them.

import type { StoreErrorKind } from "../providers/store-error.ts";

export const storeFailures = {
  unreachable: "session store unreachable",
  timeout: "session store timed out",
  login: "session store login failed",
  schema: "session store not set up",
  protocol: "session store protocol error",
  full: "session store full",
  state: "session state not storable",
} as const satisfies Record<StoreErrorKind, string>;

export type StoreFailure = (typeof storeFailures)[StoreErrorKind];
