// What a rule of the conformance kit is, and what it may say. A rule is a sentence that a store's maintainer understands, the
// source it is taken from, and a check that either comes back with what it saw or throws one of the errors of rule-errors.ts.

import type { OpenedStore } from "../providers/open-session-store.ts";
import type { StoreSettings } from "../providers/store-settings.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Session } from "./session-probe.ts";

/** A store under examination. All times are real milliseconds. */
export interface Subject {
  /** As the user named it: "postgresql", "memorystore", "./my-provider.ts". */
  readonly name: string;
  readonly opened: OpenedStore;
  readonly behaviour: Behaviour;
  /** How long a minute of session timeout lasts in this store. */
  readonly minuteMs: number;
  /** What the store was told; a lock that expires by itself does so after this. */
  readonly executionTimeoutMs: number;
  /** Nobody else uses the store, so that counts may be compared. */
  readonly ours: boolean;
  /** The deletion of expired sessions may be started; it deletes whosesoever they are. */
  readonly mayDelete: boolean;
  /** Opens the same store once more, as another web server would; null for a store that cannot be reached twice. */
  readonly openAgain: ((changes?: { readonly applicationId: string }) => Promise<OpenedStore>) | null;
  /** What another process needs in order to open the store; null where it could not. Holds passwords. */
  readonly settings: StoreSettings | null;
}

export interface RuleContext {
  readonly subject: Subject;
  readonly signal: AbortSignal;
  /** A session of our own: its id is random and never given out twice. What is left of it is removed when the rule ends. */
  session(id?: string): Session;
  /** A text that is part of every id of this rule, for ids of a shape of their own. */
  readonly prefix: string;
  /** Real time by a clock that never jumps. */
  nowMs(): number;
  waitUntil(atMs: number): Promise<void>;
  /** Opens the store again; closed when the rule ends. @throws NotJudged where the store cannot be opened twice. */
  openAgain(changes?: { readonly applicationId: string }): Promise<OpenedStore>;
}

/**
 * together: beside other rules. timed: beside other rules, but not beside those that make the store work hard.
 * alone: beside none, because it counts what the store holds or would lose what it looks for to the deletions of others.
 */
export type RulePhase = "together" | "timed" | "alone";

export interface Rule {
  readonly id: string;
  readonly title: string;
  /** Where the behaviour is written down. */
  readonly source: string;
  /** A store that declares not to have this must fail the rule. */
  readonly needs?: "exclusive locks";
  readonly phase: RulePhase;
  /** Why the rule says nothing about this store; null when it does. */
  exempt?(subject: Subject): string | null;
  /**
   * @returns what was seen, in a few words.
   * @throws Broken when the store breaks the rule, Unsure when time ran away from the check, NotJudged when it cannot be checked here.
   */
  check(context: RuleContext): Promise<string>;
}

export type Verdict = "holds" | "fails" | "fails as declared" | "does not apply" | "not judged";

export interface RuleResult {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly verdict: Verdict;
  readonly evidence: string;
}
