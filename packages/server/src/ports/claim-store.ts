/** A claim on a piece of work that is to be done once. */
export interface ClaimInput {
  /** What the work is called; whoever uses the same name means the same work. */
  readonly name: string;
  /** Who claims it: unique for each attempt. */
  readonly owner: string;
  /** How long the claim is held when nobody settles or releases it. */
  readonly holdMs: number;
}

/** `"granted"`: the caller is to do the work. `"running"`: somebody else is doing it. `"done"`: it was done, with this result. */
export type ClaimReply =
  | { readonly state: "granted" }
  | { readonly state: "running" }
  | { readonly state: "done"; readonly result: string };

/** The end of a piece of work. */
export interface SettleInput {
  readonly name: string;
  readonly owner: string;
  readonly result: string;
  /** How long the result is kept for those who ask again. */
  readonly keepMs: number;
}

/**
 * Who does a piece of work, and what came of it, known to all nodes: so that something that was asked for twice is done once.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (the outcome is then unknown), `LIVE_GROUND_BUSY`,
 * `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface ClaimStore {
  /** Claims work. Of all who claim one name, one is granted it until the claim is released or its time is over. */
  claim(input: ClaimInput): Promise<ClaimReply>;
  /**
   * Keeps the result: from now on it is answered to whoever claims the work. `false`, and nothing happens, when somebody else holds
   * the claim by now, or has settled it. A claim whose time is over, and that nobody took over, is settled all the same.
   */
  settle(input: SettleInput): Promise<boolean>;
  /** Gives the claim back, as if it had never been made. Not the holder's, or a settled one, is left alone. */
  release(name: string, owner: string): Promise<void>;
}
