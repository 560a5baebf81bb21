import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord, Tail, TailEvent, TailReader } from "../ports/change-log.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Link } from "./link.ts";
import { readRecord, readRecords } from "./log-record.ts";
import { readPosition } from "./pulse.ts";
import { runScript } from "./run-script.ts";

/** What the tail of a realm needs from its surroundings. */
export interface TailParts {
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  readonly feeds: Feeds;
  /** Opens the connection that the tail asks on; called once, when somebody follows. */
  readonly openLink: () => Link;
  /** Starts another epoch if `from` is still in force. */
  readonly renewEpoch: (from: string) => Promise<unknown>;
  /** Takes a node out of the register of those that follow. */
  readonly unregister: (node: string) => Promise<unknown>;
}

/**
 * Follows the log of one realm on behalf of the nodes of this process.
 *
 * Records come by the feed of the log, so that a change costs no question. What the feed cannot promise, that nothing was lost on its
 * way, comes from a question every 250 ms, and at once when a record does not follow on the one before.
 */
export interface LogTail {
  follow(reader: TailReader): Tail;
}

const ASK_EVERY_MS = 250;
const MOST_RECORDS = 500;
const RETRY_MS = 50;

/**
 * How long a node counts as following after each question. A node may answer from its memory for a second after a question;
 * until then, and some time longer, it must be waited for.
 */
const REGISTERED_MS = 3_000;
const REGISTER_TTL_MS = 3_600_000;

/** Makes the tail of a realm. It reads as long as somebody follows. */
export function createLogTail(parts: TailParts): LogTail {
  const { keyspace, clock, tasks, signal, feeds } = parts;
  const { head, log, nodes, acks } = keyspace;
  const limitMs = ASK_EVERY_MS + parts.commandTimeoutMs;
  const readers = new Set<TailReader>();
  let link: Link | undefined;
  let at: Position | undefined;
  let running = false;
  let listening: Promise<(() => void) | undefined> | undefined;
  let isListening = false;
  /** Whether there is something to be asked before the time has come. */
  let isDue = false;
  let pausing = new AbortController();

  function tell(to: Iterable<TailReader>, event: TailEvent): void {
    for (const reader of to) if (readers.has(reader)) reader.onEvent(event);
  }

  function askNow(): void {
    isDue = true;
    pausing.abort();
  }

  /** A record has come by the feed. */
  function take(message: string): void {
    if (!at) return;
    const record = readRecord(message);
    const { epoch, seq } = record.position;
    if (epoch === at.epoch && seq <= at.seq) return;
    if (epoch !== at.epoch || record.previous !== at.seq) return askNow();
    at = record.position;
    tell(readers, { type: "records", records: [record] });
  }

  /** Begins to listen to the feed, unless that is so already. Until it is, questions wait for records. */
  function listen(): void {
    // Each time with a listener of its own: the one before may be about to end.
    listening ??= feeds
      .listen(keyspace.logFeed, (message) => take(message))
      .then(
        (stop) => {
          isListening = true;
          return stop;
        },
        () => (listening = undefined),
      );
  }

  async function stopListening(): Promise<void> {
    const stopped = listening;
    listening = undefined;
    isListening = false;
    (await stopped)?.();
  }

  /** Registers the nodes, and answers where the log ends. */
  async function register(from: Link, names: readonly string[]): Promise<Position> {
    const reply = await runScript(from.send, "follow", {
      keys: [head, log, nodes, acks],
      args: [randomWord(8), REGISTERED_MS, REGISTER_TTL_MS, ...names],
      options: { limitMs },
    });
    return readPosition("follow", reply);
  }

  async function readAfter(from: Link, { seq }: Position, waits: boolean): Promise<readonly ChangeRecord[]> {
    const limits = ["COUNT", `${MOST_RECORDS}`, ...(waits ? ["BLOCK", `${ASK_EVERY_MS}`] : [])];
    return readRecords(await from.send(["XREAD", ...limits, "STREAMS", log, `${seq}-0`], { limitMs }));
  }

  /**
   * One question to the log: both commands go out together, so the registration is as old as the question. Answers whether everything has
   * been told that the log held then.
   */
  async function ask(from: Link, waits: boolean): Promise<boolean> {
    const asking = [...readers];
    const askedAtMs = clock.now();
    const stood = at;
    const names = asking.map(({ node }) => node);
    const [end, found] = await Promise.all([
      register(from, names),
      stood ? readAfter(from, stood, waits) : [],
    ]);
    // Everybody has left meanwhile, and whoever came since begins anew.
    if (stood && !at) return false;
    if (!stood || !at || end.epoch !== at.epoch) {
      at = end;
      tell(readers, { type: "start", position: end });
      return false;
    }
    if (end.seq < stood.seq) {
      // Redis has gone back in time: what was said there since is lost, also what other nodes said.
      await parts.renewEpoch(stood.epoch);
      return false;
    }
    // Some of them may have come by the feed meanwhile.
    const { epoch, seq } = at;
    const records = found.filter(({ position }) => position.epoch !== epoch || !(position.seq <= seq));
    const isAll = found.length < MOST_RECORDS;
    if (!isUnbroken(at, records, isAll ? end.seq : 0)) {
      at = undefined;
      return false;
    }
    at = records.at(-1)?.position ?? at;
    if (records.length > 0) tell(readers, { type: "records", records });
    if (isAll) tell(asking, { type: "heard", askedAtMs });
    return isAll;
  }

  /** Waits until it is time for the next question. */
  async function pause(): Promise<void> {
    pausing = new AbortController();
    const end = (): void => pausing.abort();
    signal.addEventListener("abort", end);
    if (signal.aborted || isDue) end();
    await sleep(clock, ASK_EVERY_MS, pausing.signal);
    signal.removeEventListener("abort", end);
  }

  async function run(): Promise<void> {
    running = true;
    at = undefined;
    link ??= parts.openLink();
    await link.ready().catch(() => undefined);
    while (!signal.aborted && readers.size > 0) {
      try {
        listen();
        const waits = !(isListening && feeds.areOpen());
        isDue = false;
        const isDone = await ask(link, waits);
        if (isDone && !waits) await pause();
      } catch {
        // The connection replaces itself. Whether anything was missed meanwhile shows in the answer to the next question.
        await sleep(clock, RETRY_MS, signal);
      }
    }
    running = false;
    await stopListening();
  }

  return {
    follow(reader) {
      readers.add(reader);
      if (!running) tasks.track(run());
      else if (at) reader.onEvent({ type: "start", position: at });
      askNow();
      return {
        async close() {
          if (!readers.delete(reader)) return;
          if (readers.size === 0) {
            at = undefined;
            askNow();
          }
          // Should this fail, the registration ends by itself.
          await parts.unregister(reader.node).catch(() => undefined);
        },
      };
    },
  };
}

/** Whether the records follow on `from` and on each other, and reach `end`. */
function isUnbroken(from: Position, records: readonly ChangeRecord[], end: number): boolean {
  let { seq } = from;
  for (const { position, previous } of records) {
    if (position.epoch !== from.epoch || previous !== seq) return false;
    seq = position.seq;
  }
  return seq >= end;
}
