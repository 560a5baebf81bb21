import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Advisor } from "./advisor.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Link } from "./link.ts";
import type { RedisSettings } from "./options.ts";
import type { Pulse } from "./pulse.ts";
import type { ServerClock } from "./server-clock.ts";
import type { StatusBoard } from "./status.ts";
import type { Send } from "./wire.ts";

/** The servers that a ground talks to: one, whichever the Sentinels name, or those of a cluster. */
export interface Servers {
  /** Sends a command to the server that has its key. */
  readonly send: Send;
  /** Every server that holds keys, for walking over all of them. */
  readonly walk: Walk;
  /** Whether keys are on several servers: a command may name keys of one slot only. */
  readonly isSpread: boolean;
  /** Resolves with the first connections. Rejects when we are refused, or at the latest after `connectTimeout`. */
  ready(): Promise<void>;
  /** What one realm talks over. Called once for each. */
  openRealm(name: string): RealmLinks;
  /** A realm is open now; called before anything is sent for it. */
  begin(name: string): void;
}

/** The connections of one realm. */
export interface RealmLinks {
  readonly feeds: Feeds;
  /** Opens a connection that the tail of the realm asks on. */
  readonly openTailLink: () => Link;
}

/** One step of a walk over all keys, by SCAN. */
export interface WalkStep {
  readonly send: Send;
  readonly cursor: string;
  /** Where the walk goes on, given the cursor that the server answered; `undefined` at its end. */
  after(cursor: string): string | undefined;
}

/**
 * Finds the step of a walk over the keys of every server, from where the step before said it goes on.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for a text that no step has said
 */
export type Walk = (from: string | undefined) => WalkStep;

/** A realm, as those see it who look after connections. */
export interface Beating {
  readonly keyspace: Keyspace;
  readonly pulse: Pulse;
}

/** What servers need from the ground. */
export interface ServersParts {
  readonly settings: RedisSettings;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly status: StatusBoard;
  readonly serverClock: ServerClock;
  /** The realms that are open, by their names. */
  readonly realms: ReadonlyMap<string, Beating>;
  readonly report: (error: unknown) => void;
  readonly look: Advisor["look"];
}
