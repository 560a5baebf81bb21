import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** How long the mark of a ground outlives its last heartbeat. */
export const MARK_TTL_MS = 3_600_000;

/**
 * Finds out whether Redis lost what this ground wrote to a realm.
 *
 * The ground has a mark that it alone raises: with each write, in the same script, and with each heartbeat. A mark that is lower
 * than one that was acknowledged means that Redis has lost data. A write without an answer may have raised the mark or not;
 * both are fine, because only acknowledged marks are compared. Marks tell nothing across epochs, since whoever renews one deals with
 * the loss for all; but an epoch that had ended before, or a log that is shorter than it was, means that Redis was set back. How long it
 * was, the tail says too: what it has heard of others is lost as well when Redis does not know it any more.
 *
 * Where servers take over from each other (Sentinel, Cluster), the realm also holds which server its data was on: a change of it
 * counts as a loss, because what only a node wrote that is dead by now, no living node has a mark for. And on a new connection a mark counts over
 * epochs too: what was acknowledged by a server that had been replaced already came after the epoch of its successor had begun.
 * A server that stands alone counts as another one after each start, unless it writes down every command: where it starts from a dump, or
 * from nothing, it has lost something, and who wrote that may be dead too.
 */
export interface Pulse {
  /** Where the log has been seen to stand, if it has been seen. */
  known(): Position | undefined;
  /** The mark for the next write. */
  nextMark(): number;
  /** A write with this mark was acknowledged, at this position. */
  confirm(mark: number, position: Position): void;
  /** The log has been seen to stand here, by its tail. */
  saw(position: Position): void;
  /** One heartbeat: starts another epoch if data was lost. Rejects as `send` does. */
  beat(send: Send, primary?: PrimarySeen): Promise<void>;
}

/** Which server a heartbeat goes to. */
export interface PrimarySeen {
  /** `host:port` as the others tell it; it counts where this user may not use INFO. `""` where no server takes over from another. */
  readonly place: string;
  /** Whether this is the first heartbeat on a connection. */
  readonly isFirst: boolean;
}

/** How many epochs that have ended are remembered. */
const REMEMBERED_EPOCHS = 16;

/** Makes the pulse of one ground in one realm. It does not beat by itself. */
export function createPulse(keyspace: Keyspace, ground: string): Pulse {
  let lastMark = 0;
  let confirmed = { mark: 0, epoch: "", seq: 0 };
  let seen: Position = confirmed;
  const ended: string[] = [];

  function nextMark(): number {
    return ++lastMark;
  }

  function confirm(mark: number, { epoch, seq }: Position): void {
    // An answer that was overtaken by another epoch.
    if (ended.includes(epoch)) return;
    if (epoch !== confirmed.epoch) {
      if (confirmed.epoch !== "") ended.push(confirmed.epoch);
      if (ended.length > REMEMBERED_EPOCHS) ended.shift();
      confirmed = { mark, epoch, seq };
    } else if (mark > confirmed.mark) {
      confirmed = { mark, epoch, seq };
    }
  }

  return {
    known: () => (confirmed.epoch === "" ? undefined : confirmed),
    nextMark,
    confirm,
    saw: (position) => void (seen = position),
    async beat(send, primary) {
      const mark = nextMark();
      const { head, log } = keyspace;
      const { mark: acknowledged, epoch } = confirmed;
      const seq = seen.epoch === epoch ? Math.max(confirmed.seq, seen.seq) : confirmed.seq;
      const reply = await runScript(send, "heartbeat", {
        keys: [head, log, keyspace.mark(ground), keyspace.primary],
        args: [
          ...[randomWord(8), mark, MARK_TTL_MS, acknowledged, epoch, seq, ended.join(" ")],
          ...[primary?.place ?? "", primary?.isFirst ? 1 : 0],
        ],
      });
      confirm(mark, readPosition("heartbeat", reply));
    },
  };
}

/** Reads a position as scripts answer it. */
export function readPosition(what: string, reply: unknown): Position {
  const position = parsePosition(reply);
  if (!position) throw damaged(what, reply);
  return position;
}
