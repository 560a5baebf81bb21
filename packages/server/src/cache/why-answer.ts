import type { LedgerEntry } from "./ledger.ts";
import type { Cause } from "./narration.ts";

/** An entry as `why` finds it. */
export interface WhyEntry {
  /** `stale`: its TTL is over, or a soft change came; it is answered to those who accept that. `void`: it is never answered again. */
  readonly state: "fresh" | "stale" | "void";
  /** Milliseconds; at or below 0 when the TTL is over. */
  readonly ttlLeftMs: number;
  /** Milliseconds since it was loaded. */
  readonly ageMs: number;
  /** Position at which its load began: `epoch.sequence`. */
  readonly position: string;
  readonly bytes: number;
  /** Declared tags. */
  readonly tags: readonly string[];
  /** Why it is void. */
  readonly reason?: "changed" | "epoch" | undefined;
  /** The last move of something it depends on, if there was one that this node remembers. */
  readonly cause?: Cause | undefined;
}

/** What is known of a key: see `live.why`. */
export interface WhyAnswer {
  readonly key: string;
  /** The pattern that the key is counted under. */
  readonly pattern: string;
  /** In this node's memory. `untrusted`: an entry is there, and this node may not rely on its memory now. */
  readonly near: WhyEntry | "absent" | "untrusted";
  /** In the ground. */
  readonly far: WhyEntry | "absent" | "unreachable";
  /** The last things that happened to the key on this node, newest first, each with its reason and date. */
  readonly last: readonly LedgerEntry[];
  /** All of it in one sentence. */
  readonly explanation: string;
}
