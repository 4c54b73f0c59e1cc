// The three ways in which a check ends without its rule having been seen to hold.

/** The store breaks the rule; the message says what was expected and what was seen. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** The machine was too slow, or somebody else was faster, for the answer to mean anything. The check is tried again. */
export class Unsure extends Error {
  override readonly name = "Unsure";
}

/** Nothing can be said here, and trying again would not help. */
export class NotJudged extends Error {
  override readonly name = "NotJudged";
}
