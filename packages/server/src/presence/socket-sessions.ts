import type { Cancel, Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import { SOCKET_TTL_MS } from "../ports/socket-store.ts";
import type { SocketLocation, SocketRecord, SocketStore } from "../ports/socket-store.ts";

/** What socket sessions need from their surroundings. */
export interface SocketSessionsParts {
  readonly store: SocketStore;
  /** Whether the ground answers. */
  readonly isHere: () => boolean;
  readonly clock: Clock;
  /** Follows work that nobody awaits. */
  readonly track: (work: Promise<unknown>) => void;
}

/** Where a socket is; `null` for nowhere. */
export interface SocketPlace {
  readonly regionId: string | null;
  readonly location: SocketLocation | null;
}

/**
 * Records of this node's sockets, kept in the ground for the application and its operators. They are written when a socket comes, goes or
 * is somewhere else, and otherwise sparingly: the last activity up to half a minute late. While the ground is away nothing is written; when
 * it is back, everything is.
 */
export interface SocketSessions {
  /** Begins a conversation with one socket: frame `heartbeat`. */
  conversation(peer: Peer): Conversation;
  /** The socket has sent something. Never throws. */
  heard(peer: Pick<Peer, "id">): void;
  /** The socket is somewhere else. Never throws. */
  located(peer: Pick<Peer, "id">, place: SocketPlace): void;
  /** The ground was away: everything is written again. */
  recover(): void;
  /** Writes who has gone up to now. Never rejects. */
  close(): Promise<void>;
}

/** Commands for one socket are few; so many sockets are written at a time. */
const AT_ONCE = 50;

/** How long what is to be written is gathered. */
const GATHER_MS = 100;

/** A record is not written again sooner, unless the socket is new. */
const WRITE_EVERY_MS = 5_000;

/** How often it is looked who was active, or whose record grows old. */
const SWEEP_EVERY_MS = 30_000;
const RENEW_AFTER_MS = SOCKET_TTL_MS / 3;

/** Most sockets that are gone and wait for the ground; beyond, their records end by themselves. */
const MOST_GONE = 10_000;

interface Session {
  readonly peer: Peer;
  readonly connectedAt: string;
  place: SocketPlace;
  activeMs: number;
  /** On the monotonic clock; `undefined` before the first time. */
  writtenMs: number | undefined;
}

type Gone = Pick<SocketRecord, "socketId" | "userId">;

const NOWHERE: SocketPlace = { regionId: null, location: null };

/** Makes the sessions of one node. */
export function createSocketSessions({ store, isHere, clock, track }: SocketSessionsParts): SocketSessions {
  const sessions = new Map<string, Session>();
  const changed = new Set<Session>();
  const gone: Gone[] = [];
  const beats = new Map<string, string>();
  let planned: { readonly atMs: number; readonly cancel: Cancel } | undefined;
  let cancelSweep: Cancel | undefined;
  let flushing = false;
  let closed = false;

  function toRecord({ peer, connectedAt, place, activeMs }: Session): SocketRecord {
    return {
      socketId: peer.id,
      userId: userOf(peer),
      currentRegionId: place.regionId,
      lastLocation: place.location,
      connectedAt,
      lastActivityAt: new Date(clock.wall() - (clock.now() - activeMs)).toISOString(),
      userAgent: peer.userAgent ?? null,
    };
  }

  function takeDue(): Session[] {
    const due: Session[] = [];
    for (const session of changed) {
      if (due.length >= AT_ONCE) break;
      if (session.writtenMs !== undefined && clock.now() - session.writtenMs < WRITE_EVERY_MS) continue;
      due.push(session);
      changed.delete(session);
    }
    return due;
  }

  async function put(): Promise<boolean> {
    const due = takeDue();
    if (due.length === 0) return false;
    for (const session of due) session.writtenMs = clock.now();
    try {
      await store.put(due.map(toRecord));
    } catch (error) {
      for (const session of due) if (sessions.has(session.peer.id)) changed.add(session);
      throw error;
    }
    return true;
  }

  async function remove(): Promise<boolean> {
    const some = gone.splice(0, AT_ONCE);
    if (some.length === 0) return false;
    try {
      await store.remove(some);
    } catch (error) {
      gone.push(...some.slice(0, MOST_GONE - gone.length));
      throw error;
    }
    return true;
  }

  async function beat(): Promise<boolean> {
    const some = [...beats].slice(0, AT_ONCE);
    if (some.length === 0) return false;
    for (const [socketId] of some) beats.delete(socketId);
    await store.beat(some.map(([socketId, at]) => ({ socketId, at })));
    return true;
  }

  async function flush(): Promise<void> {
    planned = undefined;
    if (closed || !isHere()) return;
    if (flushing) return flushSoon();
    flushing = true;
    try {
      while ((await put()) || (await beat()) || (await remove()));
      if (changed.size > 0) flushIn(WRITE_EVERY_MS);
    } catch {
      flushIn(WRITE_EVERY_MS);
    } finally {
      flushing = false;
    }
  }

  function flushIn(ms: number): void {
    const atMs = clock.now() + ms;
    if (closed || (planned && planned.atMs <= atMs)) return;
    planned?.cancel();
    planned = { atMs, cancel: clock.after(ms, () => track(flush())) };
  }

  function flushSoon(): void {
    flushIn(GATHER_MS);
  }

  function sweepLater(): void {
    if (cancelSweep || closed || sessions.size === 0) return;
    cancelSweep = clock.after(SWEEP_EVERY_MS, () => {
      cancelSweep = undefined;
      for (const session of sessions.values()) {
        const { writtenMs = 0, activeMs } = session;
        if (activeMs > writtenMs || clock.now() - writtenMs > RENEW_AFTER_MS) changed.add(session);
      }
      if (changed.size > 0) flushSoon();
      sweepLater();
    });
  }

  function remember(peer: Peer): void {
    if (gone.length < MOST_GONE) gone.push({ socketId: peer.id, userId: userOf(peer) });
  }

  function end(session: Session): void {
    const { peer } = session;
    if (!sessions.delete(peer.id)) return;
    changed.delete(session);
    beats.delete(peer.id);
    // Of a socket that was never written there is nothing to remove.
    if (session.writtenMs !== undefined) remember(peer);
    flushSoon();
  }

  return {
    conversation(peer) {
      const nowMs = clock.now();
      const connectedAt = new Date(clock.wall()).toISOString();
      const session: Session = { peer, connectedAt, place: NOWHERE, activeMs: nowMs, writtenMs: undefined };
      sessions.set(peer.id, session);
      changed.add(session);
      flushSoon();
      sweepLater();
      return {
        frames: {
          async heartbeat(_request, answer) {
            const at = new Date(clock.wall()).toISOString();
            beats.set(peer.id, at);
            flushSoon();
            answer({ at });
          },
        },
        close: () => end(session),
      };
    },
    heard({ id }) {
      const session = sessions.get(id);
      if (session) session.activeMs = clock.now();
    },
    located({ id }, place) {
      const session = sessions.get(id);
      if (!session) return;
      session.place = place;
      session.activeMs = clock.now();
      changed.add(session);
      flushSoon();
    },
    recover() {
      for (const session of sessions.values()) changed.add(session);
      flushSoon();
    },
    async close() {
      closed = true;
      planned?.cancel();
      cancelSweep?.();
      for (const { peer } of sessions.values()) remember(peer);
      sessions.clear();
      if (!isHere()) return;
      try {
        while (await remove());
      } catch {
        // The records end by themselves.
      }
    },
  };
}

function userOf(peer: Peer): string | null {
  return peer.identity()?.userId ?? null;
}
