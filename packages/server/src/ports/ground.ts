import type { GroundDetails } from "@livecache/wire";
import type { CacheStore } from "./cache-store.ts";
import type { ChangeLog } from "./change-log.ts";
import type { ClaimStore } from "./claim-store.ts";
import type { EphemeralLane } from "./ephemeral-lane.ts";
import type { LimitStore } from "./limit-store.ts";
import type { NotificationStore } from "./notification-store.ts";
import type { PresenceStore } from "./presence-store.ts";
import type { RegionStore } from "./region-store.ts";
import type { RevocationStore } from "./revocation-store.ts";
import type { SessionStore } from "./session-store.ts";
import type { SocketStore } from "./socket-store.ts";

/** Whether the ground answers. `since` is on the injected monotonic clock, in milliseconds. */
export type GroundStatus =
  | { readonly state: "here"; readonly sinceMs: number }
  | { readonly state: "away"; readonly sinceMs: number; readonly cause: string };

/** Something about the ground that should be otherwise. Nothing in it is secret. */
export interface GroundAdvice {
  readonly code: "eviction" | "full" | "persistence" | "saving" | "access" | "rights" | "version" | "unknown";
  /** Whether it is worth a line in the log. */
  readonly isWarning: boolean;
  /** What was found. */
  readonly what: string;
  /** What may come of it. */
  readonly why: string;
  readonly fix: string;
}

/** The stores of one realm. Realms share nothing: the same key, tag or channel in two realms is two things. */
export interface Realm {
  readonly cacheStore: CacheStore;
  readonly changeLog: ChangeLog;
  readonly lane: EphemeralLane;
  readonly claimStore: ClaimStore;
  readonly notificationStore: NotificationStore;
  readonly presenceStore: PresenceStore;
  readonly socketStore: SocketStore;
  readonly regionStore: RegionStore;
  readonly revocationStore: RevocationStore;
  readonly limitStore: LimitStore;
  readonly sessionStore: SessionStore;
}

/** Where shared state lives. */
export interface Ground {
  readonly kind: "memory" | "redis";

  /** The stores of a realm. `name` is 1 to 64 letters, digits, `_` and `-`; asking twice answers the same stores. */
  realm(name: string): Realm;

  /** Whether the ground answers, as of the last heartbeat or command. */
  status(): GroundStatus;

  /** What should be otherwise, as of the last look: at the latest a minute ago while the ground answers. */
  advice(): readonly GroundAdvice[];

  /** The options in effect, for operators; passwords are masked. */
  settings?(): Readonly<Record<string, string | number | boolean>>;

  /** What the ground holds for a realm, and what it says of itself now. Never rejects: what it does not say is left out. */
  info(realm: string): Promise<GroundDetails>;

  /** The date by the ground's clock, in milliseconds since 1970, as near as this process knows: the same for all nodes. */
  date(): number;

  /** Tells every change of {@link status}, from now on. The answer stops it. */
  onStatus(listener: (status: GroundStatus) => void): () => void;

  /** Ends everything; calls in flight reject with `LIVE_CLOSED`. Idempotent. */
  close(): Promise<void>;
}
