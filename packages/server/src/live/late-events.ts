import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import { checkAll } from "./channel.ts";
import type { Channel } from "./channel.ts";

/** How long an event may be late, after the record that names its channel, before it is looked for. */
const LATE_AFTER_MS = 1_000;

/**
 * Watches over events that the log has announced and that have not come: the ground's messages may get lost, and on a quiet channel no
 * later event would show it.
 */
export interface LateEvents {
  /** A change published to `channel` at `position`. If nothing comes within a second, the channel is compared with the ground. */
  expect(channel: Channel, position: Position): void;
  /** Stops looking for a channel that is no longer followed. */
  forget(channel: Channel): void;
}

/** Makes the watch over late events. While the ground is away it keeps looking. */
export function createLateEvents(clock: Clock, tasks: Tasks): LateEvents {
  let owed = new Map<Channel, Position>();
  let waiting = false;

  function expect(channel: Channel, position: Position): void {
    if (channel.hasSeen(position)) return;
    owed.set(channel, position);
    if (waiting) return;
    waiting = true;
    clock.after(LATE_AFTER_MS, look);
  }

  function look(): void {
    waiting = false;
    const missing = [...owed].filter(([channel, position]) => !channel.hasSeen(position));
    owed = new Map();
    const looked = checkAll(missing.map(([channel]) => channel));
    // What has not come by then is looked for once more.
    const again = (): void => missing.forEach(([channel, position]) => expect(channel, position));
    tasks.track(looked.then(again, again));
  }

  return {
    expect,
    forget: (channel) => owed.delete(channel),
  };
}
