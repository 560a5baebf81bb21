import type { SendReply, SendRequest, TypingRequest } from "./message-frames.ts";
import type { JsonPatch } from "./json-patch.ts";
import type {
  MarkReadReply,
  MarkReadRequest,
  NotificationsReply,
  NotificationsRequest,
} from "./notification-frames.ts";
import type {
  HeartbeatReply,
  PresenceReply,
  PresenceRequest,
  PresenceSetRequest,
} from "./presence-frames.ts";
import type { LocateReply, LocateRequest, NearReply, NearRequest } from "./region-frames.ts";

/**
 * The frames of the socket protocol, as they cross a stock Socket.IO connection. `docs/reference/wire-protocol.md`
 * tells the conversation; this file is its types.
 *
 * Client to server, each acknowledged with an {@link Ack}: `watch`, `unwatch`, `join`, `leave`, `whisper`, `refresh`.
 * Server to client: `stale`, `body`, `resync`, `left`, `expiring`, `ended`, and every event and whisper of a joined channel under its own name.
 */

/** Refusal of a request. `code` is an entry of the error registry; `retryable` says whether the same frame may work later. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** When it may work, if that is known. */
  readonly retryAfterMs?: number;
}

/** Acknowledgement of a request: the reply, or why there is none. */
export type Ack<Reply> = ({ readonly ok: true } & Reply) | Refusal;

/** `watch`: follow what one cached response depends on. `token` is the response's `Live-Query` header. */
export interface WatchRequest {
  readonly token: string;
}

/**
 * Answer to `watch`; it arrives before any `stale` frame of its id. `id` names the watch on this connection. `state` says
 * whether the response that carried the token is still current; after `"stale"` the client refetches, and the new response
 * brings a new token.
 */
export interface WatchReply {
  readonly id: string;
  readonly state: "fresh" | "stale";
  /** Position the judgement was made at: present it as `Live-Position` when refetching. */
  readonly position: string;
}

/** `unwatch`: stop following. Unknown ids are accepted. */
export interface UnwatchRequest {
  readonly id: string;
}

/** `join`: receive a channel's events. `cursor` is where the client last stood; without it the client starts now. */
export interface JoinRequest {
  readonly channel: string;
  readonly cursor?: string;
}

/**
 * Answer to `join`; it arrives before the first event. Every event after `cursor` will arrive, in order. With a cursor in the request,
 * `resumed` says whether the channel goes on from there: `cursor` is then the request's own, and what was missed follows the answer.
 * When it is `false`, `reason` says why, and the client reloads what the channel told it about. Without a cursor in the request there
 * is nothing to resume: `resumed` is `false` and there is no reason.
 */
export interface JoinReply {
  readonly channel: string;
  readonly cursor: string;
  /** What is loaded with this position as `Live-Position` is at least as new as the event at `cursor`. */
  readonly position: string;
  readonly resumed: boolean;
  readonly reason?: ResyncReason;
}

/** `leave`: stop receiving a channel's events. A channel that was not joined is accepted. */
export interface LeaveRequest {
  readonly channel: string;
}

/**
 * Why a channel's events could not be continued without a gap. `expired`, `trimmed`: what was missed is older, or more, than the
 * channel keeps. `overflow`: it is more than is sent at once. `epoch`: the channel's history was lost, and cursors from before mean
 * nothing. `lost`: the server could not get hold of what was missed, or the client's cursor lies ahead of what the server knows.
 */
export type ResyncReason = "expired" | "trimmed" | "overflow" | "epoch" | "lost";

/** `whisper`: tell the other members of a channel something without history. */
export interface WhisperRequest {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** `refresh`: say anew who this is, before the identity expires; the user must be the same. */
export interface RefreshRequest {
  readonly auth: Readonly<Record<string, unknown>>;
}

/** Answer to `refresh`. */
export interface RefreshReply {
  /** Absent when the identity does not expire. */
  readonly expiresInMs?: number;
}

/** `left`: the server has put the socket out of a channel. */
export interface LeftFrame {
  readonly channel: string;
  readonly code: string;
  readonly message: string;
}

/** `expiring`: the identity of the socket expires soon; `refresh` extends it. */
export interface ExpiringFrame {
  readonly expiresInMs: number;
}

/** `ended`: the server ends the connection; this is the last frame. */
export interface EndedFrame {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** `stale`: what a watch follows has changed. Sent once; a refetch brings a new token to watch. */
export interface StaleFrame {
  readonly id: string;
  /** Position of the change: present it as `Live-Position` when refetching. */
  readonly position: string;
  /** The change that did it; absent when the server only lost sight (see `docs/concepts/live-queries.md`). */
  readonly changeId?: string;
  /** So many others are told at the same time that the client waits for a random part of this before it refetches. Absent: none. */
  readonly spreadMs?: number;
}

/**
 * `body`: what a watch follows has changed, and is now this. The watch goes on, with `token` in place of the one it began with. Only for
 * routes that push. A client takes a body only if `position` reaches the one it shows.
 *
 * Either `body` is there, the whole response as JSON; or `delta` and `from` are: the changes to the response whose entity tag is `from`.
 * A client that holds another one, or to which the delta does not apply, refetches.
 */
export interface BodyFrame {
  readonly id: string;
  /** The body is as of this position, and so at least as new as the change. */
  readonly position: string;
  readonly token: string;
  /** Entity tag of the new body, without a mark for compression. */
  readonly etag: string;
  readonly body?: unknown;
  readonly delta?: JsonPatch;
  readonly from?: string;
}

/** `resync`: events of a joined channel may be missing from here on; the client reloads what it shows. */
export interface ResyncFrame {
  readonly channel: string;
  readonly cursor: string;
  /** Present it as `Live-Position` when reloading: the answer is then at least as new as the event at `cursor`. */
  readonly position: string;
  readonly reason: ResyncReason;
}

/** Second argument of every channel event, after its body. */
export interface EventMeta {
  readonly channel: string;
  /** Where the client stands once it has taken this event; presented as `cursor` when it joins again. */
  readonly cursor: string;
  /** Position of the change that published the event: a refetch that presents it is at least as new as the event. */
  readonly position: string;
  readonly changeId: string;
}

/** Second argument of every whisper, after its body. */
export interface WhisperMeta {
  readonly channel: string;
  /** The user it is from; absent when it is from the server, or from nobody. */
  readonly from?: string;
}

/** Events a Livecache server listens to on a socket, by name, for typing a stock `Socket`. */
export interface ClientToServer {
  watch(request: WatchRequest, ack: (reply: Ack<WatchReply>) => void): void;
  unwatch(request: UnwatchRequest, ack: (reply: Ack<object>) => void): void;
  join(request: JoinRequest, ack: (reply: Ack<JoinReply>) => void): void;
  leave(request: LeaveRequest, ack: (reply: Ack<object>) => void): void;
  whisper(request: WhisperRequest, ack: (reply: Ack<object>) => void): void;
  refresh(request: RefreshRequest, ack: (reply: Ack<RefreshReply>) => void): void;
  send(request: SendRequest, ack: (reply: Ack<SendReply>) => void): void;
  locate(request: LocateRequest, ack: (reply: Ack<LocateReply>) => void): void;
  near(request: NearRequest, ack: (reply: Ack<NearReply>) => void): void;
  typing(request: TypingRequest, ack: (reply: Ack<object>) => void): void;
  notifications(request: NotificationsRequest, ack: (reply: Ack<NotificationsReply>) => void): void;
  "mark-read"(request: MarkReadRequest, ack: (reply: Ack<MarkReadReply>) => void): void;
  presence(request: PresenceRequest, ack: (reply: Ack<PresenceReply>) => void): void;
  "presence-set"(request: PresenceSetRequest, ack: (reply: Ack<object>) => void): void;
  heartbeat(request: object, ack: (reply: Ack<HeartbeatReply>) => void): void;
}
