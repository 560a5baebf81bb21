import { channel } from "node:diagnostics_channel";
import type { Channel } from "node:diagnostics_channel";
import type { AuditLine, Position } from "@livecache/wire";
import type { Reason } from "./reasons.ts";

/** What happens on a node, as it is told to whoever wants to know. Times are on the node's monotonic clock. */
export interface SignalKinds {
  /** A change was made here, and how it ended. */
  readonly change: {
    readonly changeId: string;
    readonly scope: "cluster" | "local";
    readonly position: Position | undefined;
    readonly tags: readonly string[];
    readonly events: readonly { readonly channel: string; readonly name: string }[];
    readonly startedAtMs: number;
    readonly ms: number;
  };
  /** A record of the log was applied here. */
  readonly applied: {
    readonly changeId: string;
    readonly origin: string;
    readonly position: Position;
    readonly tags: readonly string[];
    readonly channels: readonly string[];
    /** W3C `traceparent` of the write, if it had one. */
    readonly trace?: string | undefined;
  };
  /** Watched responses went stale by a change, and their watchers on this node were told. `keys`: of the first few. */
  readonly told: {
    readonly changeId: string;
    readonly keys: readonly string[];
    readonly queries: number;
    readonly watchers: number;
  };
  /** An event was handed to the members of its channel on this node. */
  readonly event: {
    readonly changeId: string;
    readonly channel: string;
    readonly name: string;
    readonly members: number;
  };
  /** Somebody watches a response, for the first time or again, that is as of this position. */
  readonly watched: { readonly key: string; readonly position: Position };
  /** Something happened to a key: it was answered, loaded or dropped. Answers from this node's memory are only counted. */
  readonly cache:
    | {
        readonly type: "answered" | "loaded";
        readonly key: string;
        readonly reason: Reason;
        readonly ms: number;
      }
    | { readonly type: "dropped"; readonly key: string; readonly reason: string };
  /** A socket was taken in, or is gone. */
  readonly socket: {
    readonly happened: "opened" | "closed";
    readonly socketId: string;
    readonly userId: string | undefined;
  };
  /** Sessions were begun here, got another id, or were ended. `session` is a digest: an id opens the session. */
  readonly session: {
    readonly happened: "created" | "rotated" | "ended";
    readonly userId: string | undefined;
    readonly session: string | undefined;
    readonly count: number;
  };
  /** Somebody has done something too often. */
  readonly limit: { readonly limit: string; readonly subject: string; readonly retryAfterMs: number };
  /** A socket was not let in, or what it asked was refused. `at`: `connect`, or the name of the frame. */
  readonly refusal: {
    readonly at: string;
    readonly code: string;
    readonly message: string;
    readonly socketId: string | undefined;
    readonly userId: string | undefined;
  };
  /** An operator has acted, or tried to. */
  readonly act: AuditLine;
  /** The ground went away, or came back. */
  readonly ground: { readonly state: "here" | "away"; readonly cause?: string | undefined };
}

/** A kind of signal. */
export type SignalName = keyof SignalKinds;

/** Tells what happens on one node: to its own rooms, and by `node:diagnostics_channel` to everybody in this process. */
export interface Signals {
  /** Tells it. Never throws. */
  tell<Name extends SignalName>(name: Name, what: SignalKinds[Name]): void;
  /** Listens to one kind of signal of this node. It must be quick, and must not throw. The answer stops it. */
  listen<Name extends SignalName>(name: Name, listener: (what: SignalKinds[Name]) => void): () => void;
}

/** Names of the diagnostics channels begin with it: `livecache:change`. */
const PREFIX = "livecache:";

interface Kind {
  readonly listeners: Set<(what: never) => void>;
  /** Messages are the signal's fields, and the name of the node. */
  readonly outside: Channel;
}

/** Makes the signals of one node. A kind that nobody listens to costs next to nothing. */
export function createSignals(node: string): Signals {
  const kinds = new Map<SignalName, Kind>();

  function kindOf(name: SignalName): Kind {
    const known = kinds.get(name);
    if (known) return known;
    const kind: Kind = { listeners: new Set(), outside: channel(PREFIX + name) };
    kinds.set(name, kind);
    return kind;
  }

  return {
    tell(name, what) {
      const { listeners, outside } = kindOf(name);
      for (const listener of listeners) listener(what as never);
      if (outside.hasSubscribers) outside.publish({ node, ...what });
    },
    listen(name, listener) {
      const { listeners } = kindOf(name);
      // A function of its own, so that one callback may listen twice.
      const own = (what: never): void => listener(what);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
