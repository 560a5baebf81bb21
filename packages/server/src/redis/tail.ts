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
  /** The log has been seen to stand here. */
  readonly onSeen: (position: Position) => void;
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
  return new SharedTail(parts);
}

class SharedTail implements LogTail {
  readonly #parts: TailParts;
  readonly #limitMs: number;
  readonly #readers = new Set<TailReader>();
  #link: Link | undefined;
  #at: Position | undefined;
  #isRunning = false;
  #listening: Promise<(() => void) | undefined> | undefined;
  #isListening = false;
  /** Whether there is something to be asked before the time has come. */
  #isDue = false;
  #pausing = new AbortController();

  constructor(parts: TailParts) {
    this.#parts = parts;
    this.#limitMs = ASK_EVERY_MS + parts.commandTimeoutMs;
  }

  follow(reader: TailReader): Tail {
    this.#readers.add(reader);
    if (!this.#isRunning) this.#parts.tasks.track(this.#run());
    else if (this.#at) reader.onEvent({ type: "start", position: this.#at });
    this.#askNow();
    return { close: () => this.#leave(reader) };
  }

  async #leave(reader: TailReader): Promise<void> {
    if (!this.#readers.delete(reader)) return;
    if (this.#readers.size === 0) {
      this.#at = undefined;
      this.#askNow();
    }
    // Should this fail, the registration ends by itself.
    await this.#parts.unregister(reader.node).catch(() => undefined);
  }

  #tell(to: Iterable<TailReader>, event: TailEvent): void {
    for (const reader of to) if (this.#readers.has(reader)) reader.onEvent(event);
  }

  #askNow(): void {
    this.#isDue = true;
    this.#pausing.abort();
  }

  #stand(at: Position): void {
    this.#at = at;
    this.#parts.onSeen(at);
  }

  /** A record has come by the feed. */
  #take(message: string): void {
    if (!this.#at) return;
    const record = readRecord(message);
    const { epoch, seq } = record.position;
    if (epoch === this.#at.epoch && seq <= this.#at.seq) return;
    if (epoch !== this.#at.epoch || record.previous !== this.#at.seq) return this.#askNow();
    this.#stand(record.position);
    this.#tell(this.#readers, { type: "records", records: [record] });
  }

  /** Begins to listen to the feed, unless that is so already. Until it is, questions wait for records. */
  #listen(): void {
    const { feeds, keyspace } = this.#parts;
    // Each time with a listener of its own: the one before may be about to end.
    this.#listening ??= feeds
      .listen(keyspace.logFeed, (message) => this.#take(message))
      .then(
        (stop) => {
          this.#isListening = true;
          return stop;
        },
        () => (this.#listening = undefined),
      );
  }

  async #stopListening(): Promise<void> {
    const stopped = this.#listening;
    this.#listening = undefined;
    this.#isListening = false;
    (await stopped)?.();
  }

  /** Registers the nodes, and answers where the log ends. */
  async #register(from: Link, names: readonly string[]): Promise<Position> {
    const { head, log, nodes, acks } = this.#parts.keyspace;
    const reply = await runScript(from.send, "follow", {
      keys: [head, log, nodes, acks],
      args: [randomWord(8), REGISTERED_MS, REGISTER_TTL_MS, ...names],
      options: { limitMs: this.#limitMs },
    });
    return readPosition("follow", reply);
  }

  async #readAfter(from: Link, { seq }: Position, waits: boolean): Promise<readonly ChangeRecord[]> {
    const { log } = this.#parts.keyspace;
    const limits = ["COUNT", `${MOST_RECORDS}`, ...(waits ? ["BLOCK", `${ASK_EVERY_MS}`] : [])];
    const question = ["XREAD", ...limits, "STREAMS", log, `${seq}-0`];
    return readRecords(await from.send(question, { limitMs: this.#limitMs }));
  }

  /**
   * One question to the log: both commands go out together, so the registration is as old as the question. Answers whether everything has
   * been told that the log held then.
   */
  async #ask(from: Link, waits: boolean): Promise<boolean> {
    const asking = [...this.#readers];
    const askedAtMs = this.#parts.clock.now();
    const stood = this.#at;
    const names = asking.map(({ node }) => node);
    const [end, found] = await Promise.all([
      this.#register(from, names),
      stood ? this.#readAfter(from, stood, waits) : [],
    ]);
    // Everybody has left meanwhile, and whoever came since begins anew.
    if (stood && !this.#at) return false;
    if (!stood || !this.#at || end.epoch !== this.#at.epoch) {
      this.#stand(end);
      this.#tell(this.#readers, { type: "start", position: end });
      return false;
    }
    if (end.seq < stood.seq) {
      // Redis has gone back in time: what was said there since is lost, also what other nodes said.
      await this.#parts.renewEpoch(stood.epoch);
      return false;
    }
    const isAll = found.length < MOST_RECORDS;
    if (!this.#tellFound(this.#at, found, isAll ? end.seq : 0)) return false;
    if (isAll) this.#tell(asking, { type: "heard", askedAtMs });
    return isAll;
  }

  /** Tells what was found after `at`, unless it has a hole or does not reach `end`: then everybody begins anew. */
  #tellFound(at: Position, found: readonly ChangeRecord[], end: number): boolean {
    // Some of them may have come by the feed meanwhile.
    const records = found.filter(({ position }) => position.epoch !== at.epoch || !(position.seq <= at.seq));
    const isWhole = isUnbroken(at, records, end);
    if (isWhole) this.#stand(records.at(-1)?.position ?? at);
    else this.#at = undefined;
    if (isWhole && records.length > 0) this.#tell(this.#readers, { type: "records", records });
    return isWhole;
  }

  /** Waits until it is time for the next question. */
  async #pause(): Promise<void> {
    const { clock, signal } = this.#parts;
    const pausing = new AbortController();
    this.#pausing = pausing;
    const end = (): void => pausing.abort();
    signal.addEventListener("abort", end);
    if (signal.aborted || this.#isDue) end();
    await sleep(clock, ASK_EVERY_MS, pausing.signal);
    signal.removeEventListener("abort", end);
  }

  async #run(): Promise<void> {
    const { clock, signal, feeds } = this.#parts;
    this.#isRunning = true;
    this.#at = undefined;
    this.#link ??= this.#parts.openLink();
    await this.#link.ready().catch(() => undefined);
    while (!signal.aborted && this.#readers.size > 0) {
      try {
        this.#listen();
        const waits = !(this.#isListening && feeds.areOpen());
        this.#isDue = false;
        const isDone = await this.#ask(this.#link, waits);
        if (isDone && !waits) await this.#pause();
      } catch {
        // The connection replaces itself. Whether anything was missed meanwhile shows in the answer to the next question.
        await sleep(clock, RETRY_MS, signal);
      }
    }
    this.#isRunning = false;
    await this.#stopListening();
  }
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
