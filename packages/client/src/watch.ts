import type { Ack, BodyFrame, StaleFrame, WatchReply } from "@livecache/wire";
import { createBackoff } from "./backoff.ts";
import type { ClientParts } from "./client-parts.ts";
import { mayPass } from "./refusal.ts";

/** Who is told about a watched response. */
export interface WatchSink {
  /** The response is current, and a later change will be told. */
  fresh(): void;
  /** The response is out of date and no longer watched; many ask at once, so this client shall within `spreadMs`, if it is given. */
  stale(spreadMs: number | undefined): void;
  /** The response has changed and is now what the frame says; the watch goes on. */
  pushed(frame: BodyFrame): void;
  /** The server does not accept the token. */
  refused(): void;
}

/**
 * One response that the server watches for this client. It holds a token until the server calls it stale or refuses it; while online
 * and not refused the token is watched, under an id that lasts as long as the connection.
 */
export interface Watch {
  /** Whether the server watches, is being asked to, or will be as soon as the client is online for the first time. */
  readonly following: boolean;
  /** Watches `token`; what was watched before stays so until the server has taken the new one. */
  set(token: string): void;
  /** Gives up what is watched. */
  close(): void;
}

/** Makes a watch that holds no token yet. */
export function createWatch({ connection, fence, clock, timing }: ClientParts, sink: WatchSink): Watch {
  const backoff = createBackoff(clock, timing);
  let held: string | undefined;
  let watched: string | undefined;
  let asking = false;
  /** Grows with each frame sent and each token or connection lost: answers to an older number are for nobody. */
  let turn = 0;

  const disconnect = connection.addUser({
    online: () => send(timing.reconnectJitterMs),
    offline: lose,
    arrived(name, body) {
      const frame = body as (StaleFrame & BodyFrame) | null | undefined;
      if (watched === undefined || frame?.id !== watched) return;
      fence.learn(frame.position);
      if (name === "stale") {
        drop();
        sink.stale(frame.spreadMs);
      } else if (name === "body") {
        held = frame.token;
        sink.pushed(frame);
      }
    },
  });

  /** `spreadMs`: how far a refetch is spread if the response turns out to be out of date. */
  function send(spreadMs?: number): void {
    if (held === undefined || !connection.isOnline) return;
    const mine = ++turn;
    asking = true;
    connection.request<WatchReply>("watch", { token: held }, (reply) => {
      if (mine === turn) answered(reply, spreadMs);
      else if (reply?.ok) unwatch(reply.id);
    });
  }

  function answered(reply: Ack<WatchReply> | undefined, spreadMs: number | undefined): void {
    asking = false;
    if (reply?.ok) {
      fence.learn(reply.position);
      backoff.reset();
      unwatch(watched);
      if (reply.state === "stale") {
        drop();
        return sink.stale(spreadMs);
      }
      watched = reply.id;
      return sink.fresh();
    }
    if (mayPass(reply)) return backoff.schedule(() => send(spreadMs), reply);
    if (reply?.code !== "LIVE_TOKEN_INVALID") return;
    unwatch(watched);
    drop();
    sink.refused();
  }

  /** The connection is gone, and the watch with it. */
  function lose(): void {
    turn++;
    asking = false;
    watched = undefined;
    backoff.reset();
  }

  /** Forgets the token. */
  function drop(): void {
    lose();
    held = undefined;
  }

  function unwatch(id: string | undefined): void {
    if (id !== undefined && connection.isOnline) connection.request("unwatch", { id }, () => {});
  }

  return {
    get following() {
      return asking || !!watched || (!!held && connection.state.status === "connecting");
    },
    set(token) {
      if (token === held && watched !== undefined) return;
      held = token;
      backoff.reset();
      send();
    },
    close() {
      disconnect();
      unwatch(watched);
      drop();
    },
  };
}
