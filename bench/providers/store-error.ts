// A store that could not do what it was asked. ASP.NET turns this into an HttpException, so a user of the site sees HTTP 500 with
// the message; a run counts it and goes on. It is not a fault of ours, nor of the user's input unless it happens at the very start.

export type StoreErrorKind =
  /** Nobody listens there, the name is unknown, or the connection broke. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** The store knows us not: wrong user or password. */
  | "login"
  /** The tables, procedures or database that we need are not there. */
  | "schema"
  /** The peer answered something that the protocol does not allow, or refused our request as malformed. */
  | "protocol"
  /** The store is full. */
  | "full"
  /** The state cannot be serialised, is malformed, or is too large for this store. */
  | "state";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreErrorKind;

  /** @param message as ASP.NET words it where it has words for it; never with a password in it. */
  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
