import type { Cancel, Clock } from "../base/clock.ts";
import type { Conversation, Peer } from "../base/conversation.ts";
import { SOCKET_TTL_MS } from "../ports/socket-store.ts";
import type { SocketLocation, SocketRecord } from "../ports/socket-store.ts";
import { createSessionWriter } from "./session-writer.ts";
import type { SessionWriter, SessionWriterParts, Writable } from "./session-writer.ts";

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

/** How often it is looked who was active, or whose record grows old. */
const SWEEP_EVERY_MS = 30_000;
const RENEW_AFTER_MS = SOCKET_TTL_MS / 3;

const NOWHERE: SocketPlace = { regionId: null, location: null };

/** Makes the sessions of one node. */
export function createSocketSessions(parts: SessionWriterParts): SocketSessions {
  const { clock } = parts;
  const sessions = new Map<string, Session>();
  const writer = createSessionWriter(parts);
  const around: SessionParts = { clock, writer, end };
  let cancelSweep: Cancel | undefined;
  let closed = false;

  function end(session: Session): void {
    const { peer } = session;
    if (sessions.delete(peer.id)) writer.remove(session, { socketId: peer.id, userId: userOf(peer) });
  }

  function sweep(): void {
    cancelSweep = undefined;
    for (const session of sessions.values()) {
      const { writtenMs = 0, activeMs } = session;
      if (activeMs > writtenMs || clock.now() - writtenMs > RENEW_AFTER_MS) writer.put(session);
    }
    sweepLater();
  }

  function sweepLater(): void {
    if (cancelSweep || closed || sessions.size === 0) return;
    cancelSweep = clock.after(SWEEP_EVERY_MS, sweep);
  }

  return {
    conversation(peer) {
      const session = new Session(peer, around);
      sessions.set(peer.id, session);
      writer.put(session);
      sweepLater();
      return session;
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
      writer.put(session);
    },
    recover() {
      for (const session of sessions.values()) {
        session.writtenMs = Number.NEGATIVE_INFINITY;
        writer.put(session);
      }
    },
    async close() {
      closed = true;
      cancelSweep?.();
      for (const session of [...sessions.values()]) end(session);
      await writer.close();
    },
  };
}

interface SessionParts {
  readonly clock: Clock;
  readonly writer: SessionWriter;
  readonly end: (session: Session) => void;
}

/** One socket, with as little as can be: there are many. */
class Session implements Writable, Conversation {
  readonly peer: Peer;
  place = NOWHERE;
  activeMs: number;
  writtenMs: number | undefined = undefined;
  private readonly connectedMs: number;
  private readonly parts: SessionParts;

  constructor(peer: Peer, parts: SessionParts) {
    this.peer = peer;
    this.parts = parts;
    this.activeMs = parts.clock.now();
    this.connectedMs = parts.clock.wall();
  }

  get frames(): Conversation["frames"] {
    const { clock, writer } = this.parts;
    return {
      heartbeat: async (_request, answer) => {
        const at = new Date(clock.wall()).toISOString();
        writer.beat(this.peer.id, at);
        answer({ at });
      },
    };
  }

  record(): SocketRecord {
    const { clock } = this.parts;
    return {
      socketId: this.peer.id,
      userId: userOf(this.peer),
      currentRegionId: this.place.regionId,
      lastLocation: this.place.location,
      connectedAt: new Date(this.connectedMs).toISOString(),
      lastActivityAt: new Date(clock.wall() - (clock.now() - this.activeMs)).toISOString(),
      userAgent: this.peer.userAgent ?? null,
    };
  }

  close(): void {
    this.parts.end(this);
  }
}

function userOf(peer: Peer): string | null {
  return peer.identity()?.userId ?? null;
}
