import { LiveError } from "@livecache/wire";
import { RESP_TYPES, createClient } from "redis";
import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import { shownOf } from "./endpoint.ts";
import type { Endpoint, TlsSettings, TlsText } from "./endpoint.ts";
import { isReplicaReply, toLiveError } from "./failure.ts";

/** What a wire is made with. */
export interface WireOptions {
  readonly endpoint: Endpoint;
  /** What the connection is for; it stands in errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxInFlight: number;
  /** Aborted when the ground closes: the connection ends at once, also while it is being made. */
  readonly signal: AbortSignal;
  /** Whether a reply says that this server is not the one meant. The connection is of no use then, and ends. */
  readonly isWrongServer?: (error: unknown) => boolean;
}

/** What Redis answers to one command; whoever asks knows its shape. */
export type Reply = unknown;

/** How one command is sent. */
export interface SendOptions {
  /** Answer strings as bytes. */
  readonly bytes?: boolean;
  /** A deadline of its own, in milliseconds; for a command that blocks. */
  readonly limitMs?: number;
  /** Send it however many commands are on their way; for the link itself, which would else take a busy server for a dead one. */
  readonly always?: boolean;
  /** A key that says which server of a cluster is meant, for a command that names none. */
  readonly at?: string;
  /** Send it right behind an ASKING: to a server of a cluster that is about to take the key over. */
  readonly asking?: boolean;
}

/**
 * Sends one command and answers its reply. Rejects with `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (it may still take effect),
 * `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED` or `LIVE_CLOSED`.
 */
export type Send = (args: readonly (string | Buffer)[], options?: SendOptions) => Promise<Reply>;

/** Takes a message, and the name of the feed that it came on. */
export type FeedListener = (message: string, feed: string) => void;

/**
 * One connection to Redis, from its beginning to its end. It queues nothing while it is not connected, it never connects again,
 * every command has a deadline, and at most `maxInFlight` are on their way.
 */
export interface Wire {
  readonly endpoint: Endpoint;
  readonly send: Send;
  /** Subscribes to sharded pub/sub channels. */
  subscribe(feeds: readonly string[], listener: FeedListener): Promise<void>;
  unsubscribe(feed: string, listener: FeedListener): Promise<void>;
  /** Resolves with the reason when the connection has ended. Never rejects. */
  readonly ended: Promise<LiveError>;
  /** Ends the connection; commands on their way reject. Idempotent. */
  end(cause: LiveError): void;
}

/** A client of the library, set up so that it decides nothing by itself. */
type Client = ReturnType<typeof makeClient>;

function makeClient({ endpoint: { host, port, access }, connectTimeoutMs }: WireOptions) {
  const { username, password, database, tls } = access;
  const socket = { host, port, reconnectStrategy: false, connectTimeout: connectTimeoutMs } as const;
  return createClient({
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    database,
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    // The library's own limit counts only until a command is written, and costs a timer for each.
    commandOptions: { timeout: undefined },
    socket: tls ? { ...socket, ...tlsOf(tls), tls: true } : socket,
  });
}

function tlsOf({ ca, cert, key, servername }: TlsSettings) {
  const copy = (text: TlsText | undefined) =>
    text === undefined || typeof text === "string" || Buffer.isBuffer(text) ? text : [...text];
  return {
    ...(ca === undefined ? {} : { ca: copy(ca)! }),
    ...(cert === undefined ? {} : { cert: copy(cert)! }),
    ...(key === undefined ? {} : { key: copy(key)! }),
    ...(servername === undefined ? {} : { servername }),
  };
}

/** Connects. Rejects with `LIVE_GROUND_AWAY`, `LIVE_GROUND_REFUSED` or `LIVE_CLOSED`, at the latest after `connectTimeoutMs`. */
export async function openWire(options: WireOptions): Promise<Wire> {
  const { name, clock, signal, connectTimeoutMs } = options;
  const what = `${name}: connecting to ${shownOf(options.endpoint)}`;
  const client = makeClient(options);
  const life = createLife(client, signal);
  client.on("error", (error: unknown) => life.end(toLiveError(name, error)));
  // The server ends a subscription when another one takes its feeds over: everything is subscribed to again, there.
  client.on("sharded-channel-moved", (feed: string) => {
    const message = `${name}: the server has given ${feed} away`;
    life.end(new LiveError("LIVE_GROUND_AWAY", message));
  });
  const connecting = client.connect().then(() => {
    // The library forgets that it was told to stop while the network was still connecting.
    if (life.isOver()) client.destroy();
  });
  try {
    await Promise.race([
      withDeadline(clock, connecting, { what, limitMs: connectTimeoutMs }),
      life.ended.then((cause) => Promise.reject(cause)),
    ]);
  } catch (error) {
    const failure = toLiveError(what, error);
    const cause =
      failure.code === "LIVE_GROUND_TIMEOUT"
        ? new LiveError("LIVE_GROUND_AWAY", failure.message, { cause: failure })
        : failure;
    life.end(cause);
    throw cause;
  }
  return createWire(client, life, options);
}

interface Life {
  readonly ended: Promise<LiveError>;
  isOver(): LiveError | undefined;
  end(cause: LiveError): void;
}

function createLife(client: Client, signal: AbortSignal): Life {
  let over: LiveError | undefined;
  let resolveEnded: (cause: LiveError) => void;
  const ended = new Promise<LiveError>((resolve) => (resolveEnded = resolve));
  const close = (): void => end(new LiveError("LIVE_CLOSED", "The Redis ground is closed."));
  function end(cause: LiveError): void {
    if (over) return;
    over = cause;
    signal.removeEventListener("abort", close);
    client.destroy();
    resolveEnded(cause);
  }
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  return { ended, isOver: () => over, end };
}

function createWire(client: Client, life: Life, wireOptions: WireOptions): Wire {
  const { name, clock, commandTimeoutMs, maxInFlight, isWrongServer = isReplicaReply } = wireOptions;
  const forBytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  let inFlight = 0;

  /** Rejects with why the connection is over, if it is; a command that was `sent` may have taken effect. */
  function failureOf(what: string, error: unknown): LiveError {
    if (isWrongServer(error)) life.end(toLiveError(name, error));
    const over = life.isOver();
    return over?.code === "LIVE_CLOSED" ? over : toLiveError(what, error, true);
  }

  async function call<T>(command: string, work: () => Promise<T>, options: SendOptions = {}): Promise<T> {
    const what = `${name}: ${command}`;
    const { limitMs = commandTimeoutMs, always = false } = options;
    const over = life.isOver();
    if (over) throw over;
    if (inFlight >= maxInFlight && !always) {
      const message = `${what}: ${inFlight} commands are on their way, and at most ${maxInFlight} may be.`;
      throw new LiveError("LIVE_GROUND_BUSY", message, { details: { maxInFlight } });
    }
    inFlight++;
    // Counted until Redis has answered, not until we stop waiting: what waits in the client must have a bound.
    const sent = work().finally(() => inFlight--);
    try {
      return await withDeadline(clock, sent, { what, limitMs });
    } catch (error) {
      throw failureOf(what, error);
    }
  }

  return {
    endpoint: wireOptions.endpoint,
    send: (args, sendOptions) =>
      call(
        String(args[0]),
        () => {
          // In one turn, so that nothing comes between the two. Should it fail, so does what follows.
          if (sendOptions?.asking) client.sendCommand(["ASKING"]).catch(() => undefined);
          return (sendOptions?.bytes ? forBytes : client).sendCommand([...args]);
        },
        sendOptions,
      ),
    subscribe: (feeds, listener) => call("SSUBSCRIBE", () => client.sSubscribe([...feeds], listener)),
    // Named with its listener, so that the library knows it as ending: who subscribes again meanwhile is subscribed anew.
    unsubscribe: (feed, listener) => call("SUNSUBSCRIBE", () => client.sUnsubscribe(feed, listener)),
    ended: life.ended,
    end: life.end,
  };
}
