import { randomInt } from "node:crypto";
import { LiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Endpoint } from "./endpoint.ts";
import { toLiveError } from "./failure.ts";
import { defer } from "./defer.ts";
import { withFix } from "./fix.ts";
import { createPause } from "./pause.ts";
import { openWire } from "./wire.ts";
import type { Send, Wire, WireOptions } from "./wire.ts";

/** How a link connects, and what it does on its connections. */
export interface LinkOptions extends Omit<WireOptions, "endpoint"> {
  readonly tasks: Tasks;
  /** Asked before each connection: where the server is. */
  readonly locate: () => Endpoint | Promise<Endpoint>;
  /** Run on every new connection before anybody else may use it. A rejection gives the connection up. */
  readonly onConnect: (wire: Wire) => Promise<void>;
  /** Asked every 500 ms. Two rejections in a row give the connection up. */
  readonly beat: (send: Send) => Promise<unknown>;
  readonly onUp: () => void;
  /** The connection was lost, or could not be made. */
  readonly onDown: (cause: LiveError) => void;
}

/**
 * A connection to Redis that is replaced whenever it fails. Neither a frozen server nor a half-open connection says so itself;
 * therefore the link keeps asking, and gives up a connection that is silent.
 */
export interface Link {
  /** Sends over the present connection; without one it rejects at once with `LIVE_GROUND_AWAY`. */
  readonly send: Send;
  /** The connection in use. Throws `LIVE_GROUND_AWAY` when there is none, and `LIVE_CLOSED` after closing. */
  wire(): Wire;
  /** Resolves with the first connection. Rejects when the server refuses us, or none was made within `connectTimeoutMs`. */
  ready(): Promise<void>;
  /** Ends the present connection: another server is meant now. The next one follows, without much of a pause. */
  drop(cause: LiveError): void;
  /** Ends for good: commands on their way reject, and later ones with `cause`. Idempotent. */
  retire(cause: LiveError): void;
}

const BEAT_EVERY_MS = 500;
/** How long a beat is waited for, also where a command has less: it may stand behind a read that blocks. */
const BEAT_WITHIN_MS = 450;
const MOST_MISSED = 2;

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Longest that one attempt is waited for: one that fell into a gap of the network must not keep the next from being made. */
const LONGEST_ATTEMPT_MS = 2_000;
const ATTEMPT_SHARE = 0.8;
/** A connection that lasted as long as this was a good one: the next attempt is made quickly. */
const GOOD_AFTER_MS = 5_000;

/** Makes a link. It connects in the background, and ends when its signal is aborted. */
export function openLink(options: LinkOptions): Link {
  const { name, clock, tasks, signal } = options;
  let current: Wire | undefined;
  let retired: LiveError | undefined;
  let dropped: LiveError | undefined;
  const pause = createPause(options);
  let lastCause: LiveError | undefined;
  let speaksTls = false;
  const opening = defer();
  // Less than all of the time, so that who waits for it hears why it failed.
  const attemptMs = Math.min(options.connectTimeoutMs * ATTEMPT_SHARE, LONGEST_ATTEMPT_MS);

  /** One connection, from its making to its end. Answers why it ended. */
  async function live(): Promise<LiveError> {
    let wire: Wire | undefined;
    try {
      const endpoint = await options.locate();
      dropped = undefined;
      speaksTls = endpoint.access.tls !== undefined;
      wire = await openWire({ ...options, endpoint, connectTimeoutMs: attemptMs });
      await options.onConnect(wire);
      if (retired) throw retired;
      // Where this one leads is the wrong place by now.
      if (dropped) throw dropped;
    } catch (error) {
      const cause = withFix(toLiveError(name, error), speaksTls);
      wire?.end(cause);
      return cause;
    }
    current = wire;
    opening.resolve();
    options.onUp();
    tasks.track(keepAsking(options, wire));
    const cause = await wire.ended;
    current = undefined;
    return cause;
  }

  async function stayConnected(): Promise<void> {
    for (let failures = 0; !isOver();) {
      const beganAtMs = clock.now();
      lastCause = await live();
      if (isOver()) break;
      options.onDown(lastCause);
      if (lastCause.code === "LIVE_GROUND_REFUSED") opening.reject(lastCause);
      failures = clock.now() - beganAtMs > GOOD_AFTER_MS ? 0 : failures + 1;
      if (!isOver()) await pause.wait(pauseMs(failures, lastCause));
    }
    opening.reject(retired ?? closed());
  }

  function isOver(): boolean {
    return signal.aborted || retired !== undefined;
  }

  function wire(): Wire {
    if (current) return current;
    if (signal.aborted) throw closed();
    if (retired) throw retired;
    const why = lastCause?.message ?? `${name}: not connected yet`;
    throw new LiveError("LIVE_GROUND_AWAY", why, { cause: lastCause });
  }

  tasks.track(stayConnected());
  return {
    async send(args, sendOptions) {
      return wire().send(args, sendOptions);
    },
    wire,
    ready: () =>
      waitFor(options, opening.promise, (error) => {
        // Nothing has been sent, so nothing is unknown.
        const away = (): LiveError => new LiveError("LIVE_GROUND_AWAY", error.message, { cause: error });
        return lastCause ?? withFix(away(), speaksTls);
      }),
    drop(cause) {
      dropped = cause;
      current?.end(cause);
      pause.hurry();
    },
    retire(cause) {
      retired ??= cause;
      current?.end(retired);
      pause.hurry();
      opening.reject(retired);
    },
  };
}

/** Waits for the first connection; when there is none in time, rejects with what is known by then. */
async function waitFor(
  { name, clock, connectTimeoutMs }: LinkOptions,
  opened: Promise<void>,
  whyNot: (late: LiveError) => LiveError,
): Promise<void> {
  const limit = { what: `${name}: connecting`, limitMs: connectTimeoutMs };
  await withDeadline(clock, opened, limit).catch((error: LiveError) => {
    throw error.code === "LIVE_GROUND_TIMEOUT" ? whyNot(error) : error;
  });
}

/** Asks for a sign of life again and again, as long as the connection lasts. */
async function keepAsking({ name, clock, tasks, beat }: LinkOptions, wire: Wire): Promise<void> {
  const over = new AbortController();
  tasks.track(wire.ended.then(() => over.abort()));
  for (let missed = 0; !over.signal.aborted;) {
    if (missed === 0) await sleep(clock, BEAT_EVERY_MS, over.signal);
    try {
      await beat((args) => wire.send(args, { limitMs: BEAT_WITHIN_MS, always: true }));
      missed = 0;
    } catch (error) {
      if (++missed >= MOST_MISSED) wire.end(toLiveError(name, error));
    }
  }
}

/** Full jitter, so that a fleet does not come back in one moment. Who was refused has no reason to hurry. */
function pauseMs(failures: number, { code }: LiveError): number {
  const cap = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(failures, 10));
  return randomInt(code === "LIVE_GROUND_REFUSED" ? LONGEST_PAUSE_MS : cap);
}

function closed(): LiveError {
  return new LiveError("LIVE_CLOSED", "The Redis ground is closed.");
}
