import type { LiveDoor } from "../assembly/create-live.ts";
import type { SocketConversation } from "../assembly/converse.ts";
import type { Cancel } from "../base/clock.ts";
import { softLimit } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryFigures } from "./figures.ts";
import { waitingBytes, write } from "./reader.ts";
import type { Reader } from "./reader.ts";

/** What looking after slow readers needs from its surroundings. */
export interface SlowReadersParts extends Pick<LiveDoor, "clock" | "tasks" | "warn"> {
  readonly delivery: Pick<Delivery, "enter" | "isQueueEmpty">;
  readonly counts: DeliveryFigures;
  readonly maxWaitingBytes: number;
  /** All sockets of the door. */
  readonly readers: () => Iterable<Reader>;
  readonly conversationOf: (reader: Reader) => SocketConversation | undefined;
  /** Ends a socket with `LIVE_SLOW_READER`. */
  readonly end: (reader: Reader) => void;
}

/** The sockets that do not keep up. */
export interface SlowReaders {
  /** A socket does not get everything any more. */
  note(reader: Reader): void;
  /** A socket cannot be sent what must arrive: it is ended. */
  end(reader: Reader): void;
  close(): void;
}

/** How often those who are behind are looked at, and everybody. */
const LOOK_EVERY_MS = 50;
const SWEEP_EVERY_MS = 1_000;

/** How long a socket may have too much waiting. */
const PATIENCE_MS = 15_000;

/** How long to wait before a history that could not be read is asked for again. */
const AGAIN_MS = 500;

/**
 * Looks after sockets that do not keep up: once they have read, they get the latest values, and from each channel's history what they were
 * not sent. Whoever does not read for 15 s is ended; so is everybody for whom more waits than may, which only happens when the application
 * itself sends without looking. Runs until closed.
 */
export function createSlowReaders(parts: SlowReadersParts): SlowReaders {
  const { clock, tasks, warn, counts, maxWaitingBytes } = parts;
  const soft = softLimit(maxWaitingBytes);
  const behind = new Set<Reader>();
  const resuming = new WeakSet<Reader>();
  let cancelLook: Cancel | undefined;
  let cancelSweep = clock.after(SWEEP_EVERY_MS, sweep);

  function end(reader: Reader): void {
    behind.delete(reader);
    if (reader.ended) return;
    counts.slowReadersEnded++;
    warn("a socket was ended because it does not read what is sent to it", { socket: reader.socket.id });
    parts.end(reader);
  }

  function sweep(): void {
    for (const reader of parts.readers()) {
      if (waitingBytes(reader) > maxWaitingBytes) end(reader);
    }
    cancelSweep = clock.after(SWEEP_EVERY_MS, sweep);
  }

  function look(): void {
    cancelLook = undefined;
    const nowMs = clock.now();
    for (const reader of behind) consider(reader, nowMs);
    if (behind.size > 0) cancelLook = clock.after(LOOK_EVERY_MS, look);
  }

  function consider(reader: Reader, nowMs: number): void {
    if (reader.ended || !reader.socket.connected) return void behind.delete(reader);
    if (waitingBytes(reader) > soft) {
      reader.fullSinceMs ??= nowMs;
      if (reader.lags !== undefined && nowMs - reader.fullSinceMs >= PATIENCE_MS) end(reader);
      return;
    }
    reader.fullSinceMs = undefined;
    sendHeld(reader);
    if (reader.lags !== undefined) resumeNext(reader);
    else if (reader.held === undefined) behind.delete(reader);
  }

  function sendHeld(reader: Reader): void {
    for (const [key, packet] of reader.held ?? []) {
      if (waitingBytes(reader) > soft) return;
      reader.held!.delete(key);
      reader.heldBytes -= packet.bytes;
      write(reader, packet);
    }
    reader.held = undefined;
    reader.heldBytes = 0;
  }

  /** One channel at a time, so that what is sent from histories is bounded as well. */
  function resumeNext(reader: Reader): void {
    if (resuming.has(reader)) return;
    const ready = [...reader.lags!.keys()].find((channel) => parts.delivery.isQueueEmpty(reader, channel));
    if (ready === undefined) return;
    resuming.add(reader);
    const again = (): void => void resuming.delete(reader);
    const failed = (): void => void clock.after(AGAIN_MS, again);
    tasks.track(resume(reader, ready).then(again, failed));
  }

  async function resume(reader: Reader, channel: string): Promise<void> {
    const lag = reader.lags?.get(channel);
    const conversation = parts.conversationOf(reader);
    if (!lag || !conversation) return;
    await conversation.catchUp(channel, lag.after, () => {
      // Left, or joined anew, meanwhile.
      if (reader.lags?.get(channel) !== lag) return false;
      counts.caughtUp++;
      parts.delivery.enter(channel, reader);
      return true;
    });
  }

  return {
    end,
    note(reader) {
      behind.add(reader);
      cancelLook ??= clock.after(LOOK_EVERY_MS, look);
    },
    close() {
      cancelLook?.();
      cancelSweep();
    },
  };
}
