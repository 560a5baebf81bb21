import { LiveError } from "@livecache/wire";
import { RESP_TYPES, createClient } from "redis";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Tasks } from "../base/tasks.ts";
import { redact, toLiveError } from "./failure.ts";

/** How a link connects, and what it allows. */
export interface LinkOptions {
  readonly url: string;
  /** What the link is for; it stands in errors. */
  readonly name: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxInFlight: number;
  /** Run on every new connection before anybody else may use it. A rejection gives the connection up. */
  readonly onConnect: (client: RedisClient) => Promise<void>;
  readonly onDown: (cause: LiveError) => void;
  /** A number from 0 up to 1, for the pauses between attempts. */
  readonly random: () => number;
}

/** A node-redis client, as far as this ground uses it. */
export type RedisClient = ReturnType<typeof makeClient>;

/** What a link answers to one command. */
export type Reply = unknown;

/**
 * One connection to Redis that is replaced whenever it fails.
 *
 * The client library is used for the protocol alone. It queues nothing and reconnects nothing: every command has our deadline, at
 * most `maxInFlight` are on their way, and a connection on which one goes unanswered is given up, because a frozen server or
 * a half-open connection never says so itself.
 */
export interface Link {
  /**
   * Sends one command. Rejects with `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT` (it may still take effect), `LIVE_GROUND_BUSY`,
   * `LIVE_GROUND_REFUSED` or `LIVE_CLOSED`.
   */
  send(args: readonly (string | Buffer)[], options?: SendOptions): Promise<Reply>;
  /** The connection in use, if there is one. */
  client(): RedisClient | undefined;
  /** Resolves with the first connection; rejects when the server refuses us, or `connectTimeoutMs` has passed. */
  ready(): Promise<void>;
  /** Gives the present connection up and makes another. */
  drop(cause: LiveError): void;
  close(): Promise<void>;
}

/** How one command is sent. */
export interface SendOptions {
  /** Answer strings as bytes. */
  readonly bytes?: boolean;
  /** A deadline of its own, in milliseconds; for a command that blocks. */
  readonly limitMs?: number;
}

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Unanswered commands in a row after which the connection is given up. */
const MOST_SILENCES = 2;

function makeClient(url: string, connectTimeoutMs: number) {
  return createClient({
    url,
    RESP: 3,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: connectTimeoutMs },
  });
}

/** Makes a link and begins to connect in the background. */
export function openLink(options: LinkOptions): Link {
  const { url, name, clock, tasks } = options;
  const closing = new AbortController();
  let current: RedisClient | undefined;
  let lastFailure = new LiveError("LIVE_GROUND_AWAY", `${name}: not connected yet`);
  let failures = 0;
  let inFlight = 0;
  let silences = 0;
  let wake: () => void = () => undefined;
  let settleReady: { resolve: () => void; reject: (error: LiveError) => void };
  const ready = new Promise<void>((resolve, reject) => (settleReady = { resolve, reject }));
  ready.catch(() => undefined);

  function giveUp(client: RedisClient, cause: LiveError): void {
    if (client.isOpen) client.destroy();
    if (client !== current) return;
    current = undefined;
    lastFailure = cause;
    options.onDown(cause);
    wake();
  }

  async function connect(): Promise<void> {
    const client = makeClient(url, options.connectTimeoutMs);
    client.on("error", (error) => giveUp(client, toLiveError(name, error)));
    client.on("end", () =>
      giveUp(client, new LiveError("LIVE_GROUND_AWAY", `${name}: the connection ended`)),
    );
    const limit = { what: `${name}: connecting to ${redact(url)}`, limitMs: options.connectTimeoutMs };
    try {
      await withDeadline(clock, client.connect(), limit);
      await withDeadline(clock, options.onConnect(client), limit);
      if (!client.isReady || closing.signal.aborted)
        throw new Error("the connection ended while it was set up");
      current = client;
      failures = 0;
      silences = 0;
      settleReady.resolve();
    } catch (error) {
      lastFailure = toLiveError(limit.what, error);
      failures++;
      if (client.isOpen) client.destroy();
      if (lastFailure.code === "LIVE_GROUND_REFUSED") settleReady.reject(lastFailure);
      options.onDown(lastFailure);
    }
  }

  /** Full jitter: somewhere between nothing and twice the pause before, so that a fleet does not come back at once. */
  function pauseMs(): number {
    const cap = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(failures, 10));
    return SHORTEST_PAUSE_MS + options.random() * (cap - SHORTEST_PAUSE_MS);
  }

  async function stayConnected(): Promise<void> {
    while (!closing.signal.aborted) {
      await connect();
      if (current) await new Promise<void>((resolve) => (wake = resolve));
      else await sleep(clock, pauseMs(), closing.signal);
    }
  }

  function noteSilence(client: RedisClient, cause: LiveError): void {
    if (++silences >= MOST_SILENCES) giveUp(client, cause);
  }

  async function send(
    args: readonly (string | Buffer)[],
    { bytes, limitMs }: SendOptions = {},
  ): Promise<Reply> {
    if (closing.signal.aborted) throw new LiveError("LIVE_CLOSED", `${name}: the ground is closed.`);
    const client = current;
    if (!client) throw new LiveError("LIVE_GROUND_AWAY", lastFailure.message, { cause: lastFailure });
    if (inFlight >= options.maxInFlight) {
      throw new LiveError(
        "LIVE_GROUND_BUSY",
        `${name}: ${inFlight} commands are on their way, at most that many may be.`,
      );
    }
    inFlight++;
    const work = bytes
      ? client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).sendCommand([...args])
      : client.sendCommand([...args]);
    const limit = { what: `${name}: ${String(args[0])}`, limitMs: limitMs ?? options.commandTimeoutMs };
    try {
      const reply = await withDeadline<Reply>(clock, work, limit);
      silences = 0;
      return reply;
    } catch (error) {
      const failure = toLiveError(limit.what, error);
      if (closing.signal.aborted) throw new LiveError("LIVE_CLOSED", `${name}: the ground is closed.`);
      if (failure.code === "LIVE_GROUND_TIMEOUT") noteSilence(client, failure);
      throw failure;
    } finally {
      inFlight--;
    }
  }

  tasks.track(stayConnected());
  return {
    send,
    client: () => current,
    async ready() {
      const limit = { what: `${name}: connecting to ${redact(url)}`, limitMs: options.connectTimeoutMs };
      await withDeadline(clock, ready, limit).catch((error: LiveError) => {
        throw error.code === "LIVE_GROUND_TIMEOUT" ? lastFailure : error;
      });
    },
    drop(cause) {
      if (current) giveUp(current, cause);
    },
    async close() {
      closing.abort();
      const client = current;
      current = undefined;
      if (client?.isOpen) client.destroy();
      wake();
    },
  };
}
