import type { Clock } from "../base/clock.ts";
import type { ChannelEvent, HistoryGap, HistoryQuery } from "../ports/change-log.ts";

/** An event, and when it was published on the monotonic clock. */
interface KeptEvent {
  readonly event: ChannelEvent;
  readonly atMs: number;
}

interface KeptHistory {
  events: KeptEvent[];
  bytes: number;
}

/** What channels have published lately. */
export interface Histories {
  /** Keeps an event, and of its channel no more than it asks for. */
  add(event: ChannelEvent, bounds: { readonly maxEvents: number; readonly maxAgeMs: number }): void;
  /** The events after `query.after`, which the channel's `offset` lies past, or why they cannot all be told. */
  after(channel: string, offset: number, query: HistoryQuery): readonly ChannelEvent[] | HistoryGap;
  clear(): void;
}

/** Makes empty histories of at most `maxBytes` in sum; the channel that has been quiet for longest is forgotten first. */
export function createHistories(clock: Clock, maxBytes: number): Histories {
  /** The first is the one that published least recently. */
  const byChannel = new Map<string, KeptHistory>();
  let bytes = 0;

  function forget(channel: string): void {
    bytes -= byChannel.get(channel)?.bytes ?? 0;
    byChannel.delete(channel);
  }

  function trim(history: KeptHistory, dropped: number): void {
    if (dropped <= 0) return;
    for (const { event } of history.events.splice(0, dropped)) {
      history.bytes -= sizeOf(event);
      bytes -= sizeOf(event);
    }
  }

  return {
    add(event, { maxEvents, maxAgeMs }) {
      if (maxEvents === 0) return forget(event.channel);
      const history = byChannel.get(event.channel) ?? { events: [], bytes: 0 };
      byChannel.delete(event.channel);
      byChannel.set(event.channel, history);
      history.events.push({ event, atMs: clock.now() });
      history.bytes += sizeOf(event);
      bytes += sizeOf(event);
      const young = history.events.findIndex(({ atMs }) => clock.now() - atMs <= maxAgeMs);
      trim(history, Math.max(young, history.events.length - maxEvents));
      for (const channel of byChannel.keys()) {
        if (bytes <= maxBytes) break;
        forget(channel);
      }
    },
    after(channel, offset, { after, limit, maxBytes: mostBytes, maxEvents, maxAgeMs }) {
      if (after.offset === offset) return [];
      const kept = byChannel.get(channel)?.events ?? [];
      const wanted = kept.filter(({ event }) => event.cursor.offset > after.offset);
      const isWhole = wanted[0]?.event.cursor.offset === after.offset + 1;
      if (!isWhole) return kept.length >= maxEvents ? "trimmed" : "expired";
      if (clock.now() - wanted[0]!.atMs > maxAgeMs) return "expired";
      if (wanted.length > limit) return "overflow";
      const size = wanted.reduce((sum, { event }) => sum + Buffer.byteLength(event.body), 0);
      return size > mostBytes ? "overflow" : wanted.map(({ event }) => event);
    },
    clear() {
      byChannel.clear();
      bytes = 0;
    },
  };
}

function sizeOf({ channel, name, body }: ChannelEvent): number {
  return (channel.length + name.length + body.length) * 2 + 200;
}
