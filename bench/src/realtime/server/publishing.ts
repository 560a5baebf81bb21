import { createTick, nowUs } from "../sites/site.ts";
import type { Site } from "../sites/site.ts";

/** What a node is to publish. Event number i goes to room i modulo `rooms`. */
export interface PublishPlan {
  readonly kind: "room" | "lobby" | "hall";
  readonly rooms: number;
  /** Events in each room. */
  readonly events: number;
  /** Number of the first event in each room. */
  readonly from: number;
  /** Over all rooms. */
  readonly perSecond: number;
  readonly padBytes: number;
  /** With tags each event is a change. */
  readonly tags?: readonly string[];
  /** So many changes are under way at any time, and `perSecond` does not count. */
  readonly atOnce?: number;
}

/** What came of it. */
export interface Published {
  readonly events: number;
  readonly rejected: number;
  readonly why?: string;
  readonly tookMs: number;
  /** When it began, by the clock of all processes. */
  readonly startedUs: number;
}

/** Publishes in time: neither waits for the event before, unless `atOnce` says so. */
export async function publishAll(site: Site, plan: PublishPlan): Promise<Published> {
  const { kind, rooms, events, from, perSecond, padBytes, tags, atOnce } = plan;
  const pad = "x".repeat(padBytes);
  const total = rooms * events;
  const failures: unknown[] = [];
  const startedUs = nowUs();

  async function publish(event: number): Promise<void> {
    const room = `${kind}/${event % rooms}`;
    const tick = createTick(from + Math.floor(event / rooms), pad);
    try {
      await (tags ? site.change(tags, room, tick) : site.publish(room, tick));
    } catch (error) {
      failures.push(error);
    }
  }

  async function inTime(): Promise<void> {
    const busy: Promise<void>[] = [];
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor(((nowUs() - startedUs) * perSecond) / 1e6) + 1);
      for (; sent < due; sent++) busy.push(publish(sent));
      const waitMs = ((sent * 1e6) / perSecond - (nowUs() - startedUs)) / 1_000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
    }
    await Promise.all(busy);
  }

  async function asFastAsPossible(width: number): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < total) await publish(next++);
    };
    await Promise.all(Array.from({ length: width }, work));
  }

  await (atOnce === undefined ? inTime() : asFastAsPossible(atOnce));
  return {
    events: total,
    rejected: failures.length,
    ...(failures.length > 0 ? { why: String(failures[0]) } : {}),
    tookMs: (nowUs() - startedUs) / 1_000,
    startedUs,
  };
}
