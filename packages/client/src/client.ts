import { LiveError, formatChannel } from "@livecache/wire";
import type { ChannelParams, ChannelPattern, Contract, Refusal } from "@livecache/wire";
import type { AnyHandlers, ChannelHandlers } from "./channel-handlers.ts";
import type { ChannelListener } from "./channel.ts";
import { createChannelStore } from "./channel-store.ts";
import type { ChannelCode } from "./channel-store.ts";
import { voiceIn } from "./channel-subscription.ts";
import type { AnySubscription, AnyVoice, ChannelSubscription } from "./channel-subscription.ts";
import { systemClock } from "./clock.ts";
import { createConnection } from "./connection.ts";
import type { ConnectionState } from "./connection.ts";
import { createFence } from "./fence.ts";
import { createHttp, serverUrl } from "./http.ts";
import { refuseUnknown } from "./known-names.ts";
import type { Outbox } from "./outbox.ts";
import { createQueryStore } from "./query-store.ts";
import type { LiveQuery } from "./query-store.ts";
import { refusalError } from "./refusal.ts";
import type { RegisteredContract } from "./register.ts";
import { socketSource } from "./socket.ts";
import type { LiveSocket, SocketOptions } from "./socket.ts";
import { resolveTiming } from "./timing.ts";
import type { Timing } from "./timing.ts";

/** What a client is made with. Everything has a default in a web page served by the same server. */
export interface LiveClientOptions<C extends Contract = Contract> {
  /** The server's address. Default: the page's own. */
  readonly url?: string;
  /** Gives the client its types and is not used otherwise; `createLiveClient<typeof contract>()` does the same without loading it. */
  readonly contract?: C;
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** How the socket connects; or a function that makes the application's own, not yet connecting, which the client then owns. */
  readonly socket?: SocketOptions | (() => LiveSocket);
  /** Called for each request, and outside a browser for each socket handshake. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>;
  /** `"include"` sends cookies to a server on another origin. Default: as `fetch` does. */
  readonly credentials?: RequestCredentials;
  /** Where messages wait that are to outlive the page, `localOutbox(...)` or `storedOutbox(...)`. Default: in memory only. */
  readonly outbox?: Outbox;
  /** Other than the default times, in milliseconds. */
  readonly timing?: Partial<Timing>;
}

/**
 * A client of one server, for one person: after signing in or out, close it and make another, because what it holds and how its socket
 * identified itself belong to that person.
 */
export interface LiveClient<C extends Contract = RegisteredContract> {
  /** The state of the connection, as a store. Reading it does not connect. */
  readonly connection: {
    readonly subscribe: (listener: () => void) => () => void;
    readonly getSnapshot: () => ConnectionState;
  };
  /**
   * The platform's `fetch`, relative to the server and fenced: what this client reads after a write is at least as new as the write.
   * `send` is used instead of the option `fetch`. Rejects as `fetch` does; with `LIVE_INPUT_INVALID` for a path of another server, and `LIVE_CLOSED` after closing.
   */
  fetch(path: string, init?: RequestInit, send?: typeof fetch): Promise<Response>;
  /** A live view of a JSON response: fetched when somebody subscribes, and again whenever the server says that it has changed. */
  query<T = unknown>(path: string): LiveQuery<T>;
  /**
   * Listens to a channel from now on, over every reconnect, and talks to it. Joined once for all subscribers of one name.
   *
   * @throws LiveError `LIVE_INPUT_INVALID` when a parameter is missing or empty
   */
  channel<P extends ChannelPattern<C>>(
    pattern: P,
    params: ChannelParams<P>,
    handlers?: ChannelHandlers<C, P>,
  ): ChannelSubscription<C, P>;
  /** The same without types, by the channel's name: what `channel` and `useChannel` are made of. */
  listen(channel: string, listener: ChannelListener): AnySubscription;
  /** What can be said to a channel by its name, without listening. Messages join it and leave it again. */
  to(channel: string): AnyVoice;
  /**
   * Asks the server with one frame of the protocol, and resolves with its reply. Nothing is repeated: rejects with the server's refusal,
   * and with `LIVE_REQUEST_FAILED` when there is no connection or no answer in time.
   */
  request<Reply extends object>(frame: string, body: object): Promise<Reply>;
  /** Ends the connection and all work for good. Queries keep what they hold; nothing is fetched or heard any more. */
  close(): void;
}

const OPTIONS = ["url", "contract", "fetch", "socket", "headers", "credentials", "outbox", "timing"];

/**
 * Makes a client. No request is sent and no socket opened before the first live query or channel.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an unknown option or a wrong time
 */
export function createLiveClient<C extends Contract = RegisteredContract>(
  options: LiveClientOptions<C> = {},
): LiveClient<C> {
  refuseUnknown("createLiveClient", options, OPTIONS);
  const { url, socket, headers, credentials } = options;
  const timing = resolveTiming(options.timing);
  const clock = systemClock;
  const fence = createFence();
  const http = createHttp({ base: () => serverUrl(url), fetch: options.fetch, headers, credentials, fence });
  const source = socketSource({ url, socket, headers, credentials });
  const connection = createConnection({ clock, requestTimeoutMs: timing.requestTimeoutMs, ...source });
  const parts = { connection, http, fence, outbox: options.outbox, clock, timing };
  const queries = createQueryStore(parts);
  const channels = createChannelStore(parts);
  const to = (name: string): AnyVoice => voiceIn(name, { channels, clock });
  const listen = (name: string, makeListener: (code: ChannelCode) => ChannelListener): AnySubscription => ({
    ...to(name),
    close: channels.listen(name, makeListener),
  });
  return {
    connection: {
      subscribe: (listener) => connection.subscribe(listener),
      getSnapshot: () => connection.state,
    },
    async fetch(path, init, send) {
      if (connection.state.status !== "closed") return http(path, init, send);
      throw new LiveError("LIVE_CLOSED", "This client is closed.");
    },
    query: queries.view,
    channel: (pattern, params, handlers) =>
      listen(formatChannel(pattern, params), ({ handlersListener }) =>
        handlersListener(() => (handlers ?? {}) as AnyHandlers),
      ),
    listen: (name, listener) => listen(name, () => listener),
    to,
    request: (frame, body) =>
      new Promise((resolve, reject) => {
        connection.start();
        const fail = (refusal?: Refusal): void => reject(refusalError(frame, refusal));
        if (!connection.isOnline) return fail();
        connection.request(frame, body, (reply) => {
          if (reply?.ok) resolve(reply as object as never);
          else fail(reply);
        });
      }),
    close() {
      queries.close();
      channels.close();
      connection.close();
    },
  };
}
