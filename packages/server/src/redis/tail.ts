import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord, Tail, TailEvent, TailReader } from "../ports/change-log.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Link } from "./link.ts";
import { readRecords } from "./log-record.ts";
import { readPosition } from "./pulse.ts";
import { runScript } from "./run-script.ts";

/** What the tail of a realm needs from its surroundings. */
export interface TailParts {
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  /** Opens the connection that the tail blocks on; called once, when somebody follows. */
  readonly openLink: () => Link;
  /** Starts another epoch if `from` is still in force. */
  readonly renewEpoch: (from: string) => Promise<unknown>;
  /** Takes a node out of the register of those that follow. */
  readonly unregister: (node: string) => Promise<unknown>;
}

/** Follows the log of one realm on behalf of the nodes of this process. */
export interface LogTail {
  follow(reader: TailReader): Tail;
}

const BLOCK_MS = 250;
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
  const { keyspace, clock, tasks, signal } = parts;
  const { head, log, nodes, acks } = keyspace;
  const limitMs = BLOCK_MS + parts.commandTimeoutMs;
  const readers = new Set<TailReader>();
  let link: Link | undefined;
  let at: Position | undefined;
  let running = false;

  function tell(to: Iterable<TailReader>, event: TailEvent): void {
    for (const reader of to) if (readers.has(reader)) reader.onEvent(event);
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

  async function readAfter(from: Link, position: Position): Promise<readonly ChangeRecord[]> {
    const where = ["STREAMS", log, `${position.seq}-0`];
    const limits = ["COUNT", `${MOST_RECORDS}`, "BLOCK", `${BLOCK_MS}`];
    return readRecords(await from.send(["XREAD", ...limits, ...where], { limitMs }));
  }

  /** One question to the log: both commands go out together, so the registration is as old as the question. */
  async function ask(from: Link): Promise<void> {
    const asking = [...readers];
    const askedAtMs = clock.now();
    const stood = at;
    const [end, records] = await Promise.all([
      register(
        from,
        asking.map(({ node }) => node),
      ),
      stood ? readAfter(from, stood) : [],
    ]);
    // Everybody has left meanwhile, and whoever came since begins anew.
    if (stood && !at) return;
    if (!stood || end.epoch !== stood.epoch) {
      at = end;
      tell(readers, { type: "start", position: end });
    } else if (end.seq < stood.seq) {
      // Redis has gone back in time: what was said there since is lost, also what other nodes said.
      await parts.renewEpoch(stood.epoch);
    } else if (!isUnbroken(stood, records, end)) {
      at = undefined;
    } else {
      at = records.at(-1)?.position ?? stood;
      if (records.length > 0) tell(readers, { type: "records", records });
      if (records.length < MOST_RECORDS) tell(asking, { type: "heard", askedAtMs });
    }
  }

  async function run(): Promise<void> {
    running = true;
    at = undefined;
    link ??= parts.openLink();
    await link.ready().catch(() => undefined);
    while (!signal.aborted && readers.size > 0) {
      try {
        await ask(link);
      } catch {
        // The connection replaces itself. Whether anything was missed meanwhile shows in the answer to the next question.
        await sleep(clock, RETRY_MS, signal);
      }
    }
    running = false;
  }

  return {
    follow(reader) {
      readers.add(reader);
      if (!running) tasks.track(run());
      else if (at) reader.onEvent({ type: "start", position: at });
      return {
        async close() {
          if (!readers.delete(reader)) return;
          if (readers.size === 0) at = undefined;
          // Should this fail, the registration ends by itself.
          await parts.unregister(reader.node).catch(() => undefined);
        },
      };
    },
  };
}

/** Whether the records follow on `from` and on each other, and reach `end` unless there are more to read. */
function isUnbroken(from: Position, records: readonly ChangeRecord[], end: Position): boolean {
  let { seq } = from;
  for (const { position, previous } of records) {
    if (position.epoch !== from.epoch || previous !== seq) return false;
    seq = position.seq;
  }
  return seq >= end.seq || records.length >= MOST_RECORDS;
}
