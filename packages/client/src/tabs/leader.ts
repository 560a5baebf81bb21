import { report } from "../audience.ts";
import type { LiveSocket, SocketSource } from "../socket.ts";
import type { ConnectFailure } from "./tab-message.ts";

/** What a leading tab tells. */
export interface LeaderSink {
  up(): void;
  down(reason: string): void;
  failed(error: ConnectFailure): void;
  arrived(args: readonly unknown[]): void;
}

/** One frame that a tab wants to be sent. */
export interface LeaderRequest {
  /** The tab. */
  readonly from: string;
  readonly frame: string;
  readonly body: unknown;
  readonly timeoutMs: number;
}

/** The tab that holds the socket which all use. */
export interface Leader {
  readonly isUp: boolean;
  /** Connects, if it is not connected and no attempt is under way. */
  attempt(): void;
  /** `done` is called once, with the server's answer or `undefined`. */
  request(request: LeaderRequest, done: (reply: unknown) => void): void;
  /** A tab is gone: what only it wanted is given up. */
  drop(tab: string): void;
  close(): void;
}

/** What one tab has asked for over the shared socket. */
interface Guest {
  readonly channels: Set<string>;
  readonly watches: Set<string>;
}

type Ack = { readonly ok?: boolean; readonly retryable?: boolean; readonly id?: string } | undefined;

/** Opens the socket for all tabs. A channel that several are in is left when the last leaves it. */
export function createLeader(source: SocketSource, sink: LeaderSink): Leader {
  const socket: LiveSocket = source.makeSocket();
  const guests = new Map<string, Guest>();
  let attempting = false;

  let wasUp = false;

  socket.on("connect", () => {
    attempting = false;
    wasUp = true;
    sink.up();
  });
  socket.on("connect_error", ({ message, data }: Error & { readonly data?: unknown }) => {
    attempting = false;
    sink.failed({ message, data, active: socket.active });
  });
  socket.on("disconnect", (reason: string) => {
    guests.clear();
    attempting = false;
    // Socket.IO says so too of a connection that broke before the server had answered.
    if (wasUp) sink.down(reason);
    else sink.failed({ message: reason, active: true });
    wasUp = false;
  });
  socket.onAny((...args) => sink.arrived(args));

  async function attempt(): Promise<void> {
    if (attempting || socket.connected) return;
    attempting = true;
    try {
      await source.prepare(socket);
      if (attempting) socket.connect();
    } catch (error) {
      attempting = false;
      sink.failed({ message: error instanceof Error ? error.message : String(error), active: false });
    }
  }

  function guestOf(tab: string): Guest {
    if (!guests.has(tab)) guests.set(tab, { channels: new Set(), watches: new Set() });
    return guests.get(tab)!;
  }

  const isWanted = (channel: string): boolean =>
    [...guests.values()].some(({ channels }) => channels.has(channel));

  function send({ frame, body, timeoutMs }: Omit<LeaderRequest, "from">, done: (reply: Ack) => void): void {
    socket.timeout(timeoutMs).emit(frame, body, (error, reply) => done(error ? undefined : (reply as Ack)));
  }

  /** Sends what nobody waits for. */
  function tell(frame: string, body: object): void {
    if (socket.connected) send({ frame, body, timeoutMs: 30_000 }, () => {});
  }

  function request(asked: LeaderRequest, done: (reply: unknown) => void): void {
    const { frame } = asked;
    const { channel, id } = (asked.body ?? {}) as { readonly channel?: string; readonly id?: string };
    const guest = guestOf(asked.from);
    if (!socket.connected) return done(undefined);
    if (frame === "join") guest.channels.add(channel!);
    if (frame === "leave") guest.channels.delete(channel!);
    if (frame === "leave" && isWanted(channel!)) return done({ ok: true });
    if (frame === "unwatch") guest.watches.delete(id!);
    send(asked, (reply) => {
      if (frame === "watch" && reply?.ok) guest.watches.add(reply.id!);
      done(reply);
      if (frame !== "join" || reply?.ok !== false) return;
      guest.channels.delete(channel!);
      // Whoever is refused on joining again is put out; the other tabs were in by the same socket.
      if (!reply.retryable) sink.arrived(["left", { ...reply, channel }]);
    });
  }

  return {
    get isUp() {
      return socket.connected;
    },
    attempt: () => void attempt().catch(report),
    request,
    drop(tab) {
      const guest = guests.get(tab);
      guests.delete(tab);
      for (const channel of guest?.channels ?? []) if (!isWanted(channel)) tell("leave", { channel });
      for (const id of guest?.watches ?? []) tell("unwatch", { id });
    },
    close() {
      attempting = false;
      socket.disconnect();
    },
  };
}
