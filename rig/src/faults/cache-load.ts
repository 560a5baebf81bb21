import { formatPosition, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { channelName } from "../loss/traffic.ts";
import { ONLY_CURRENT } from "../race/history.ts";
import type { After, ReadRecord, WriteRecord } from "../race/history.ts";
import type { Heard } from "./audience.ts";
import type { LoadParts } from "./load-parts.ts";
import type { Place } from "./site.ts";

/** What a reader comes with. */
interface Cause {
  readonly after: After;
  /** Presented to the node. */
  readonly position?: string;
  /** Holds on this node only. */
  readonly node?: string;
}

/** Writes and reads, and what was told of both. */
export interface CacheLoad {
  read(place: Place, cause?: Cause): Promise<void>;
  /** Answers the event's id if the log has taken it. */
  write(place: Place, channel?: number): Promise<string | undefined>;
  heard(heard: Heard): void;
  /** Whoever made a change that waits, and lives, has told it by now. */
  settle(alive: ReadonlySet<string>, nowMs: number): void;
  /** Reads everything on a node. */
  sweep(place: Place): Promise<void>;
}

/** Few rows meet more often. */
const ROWS = Array.from({ length: 30 }, (_, index) => `r${index}`);
const KEYS = [...ROWS, ...ROWS.slice(0, 10).map((row, index) => `${row}+r${(index * 7 + 11) % 30}`)];

/** Makes it. */
export function createCacheLoad(parts: LoadParts): CacheLoad {
  const { site, histories, random, asker, note } = parts;
  const { writes, reads } = histories;
  const waiting: WriteRecord[] = [];

  async function readKey(place: Place, path: string, cause?: Cause): Promise<void> {
    const headers: Record<string, string> = {};
    if (cause?.position !== undefined) headers["live-position"] = cause.position;
    const answer = await asker.ask(place, `GET ${path}`, headers);
    if (!note("read", place, answer) || answer.status !== 200) return;
    const { body, node, callMs } = answer;
    const reason = String(body["reason"] ?? reasonOf(answer.headers["cache-status"]));
    const after = cause?.node === undefined || cause.node === node ? cause?.after : undefined;
    const record: ReadRecord = {
      ...{ node, key: path, beganAtMs: callMs, reason, accepts: ONLY_CURRENT, behindFence: false, after },
      versions: body["versions"] as Record<string, number>,
      mayLag: reason === "hit-near" || reason === "ground-away",
    };
    reads.push(record);
    histories.counts[`read: ${reason}`] = (histories.counts[`read: ${reason}`] ?? 0) + 1;
  }

  function read(place: Place, cause?: Cause): Promise<void> {
    const key = cause ? cause.after.row : random.pick(KEYS);
    // Only cached routes know of positions.
    const isRoute = cause?.position !== undefined || random.integer(2) === 0;
    return readKey(place, `/${isRoute ? "rows" : "data"}/${key}`, cause);
  }

  function readAfter({ row, version, position }: Told): void {
    const after = { row, version, mode: "purge", fenced: true } as const;
    void read(random.pick(site.places), { after, position });
  }

  return {
    read,
    write: createWriter(parts, {
      onPending: (waits) => void waiting.push(waits),
      onTold: (written) => random.integer(3) === 0 && readAfter(written),
    }),
    heard({ place, node, item, position }) {
      if (random.integer(6) !== 0) return;
      const { row, version } = item;
      if (parsePosition(position) && random.integer(2) === 0)
        return readAfter({ row, version, position: position! });
      const after = { row, version, mode: "purge", fenced: false } as const;
      void read(place, { after, node });
    },
    settle(alive, nowMs) {
      for (const waits of waiting.splice(0)) {
        if (alive.has(waits.node)) writes.push({ ...waits, toldHereAtMs: undefined, toldAtMs: nowMs });
      }
    },
    async sweep(place) {
      for (const key of KEYS) {
        await readKey(place, `/rows/${key}`);
        await readKey(place, `/data/${key}`);
      }
    },
  };
}

function reasonOf(status: string | string[] | undefined): string {
  return /detail=([\w-]+)/.exec(String(status))?.[1] ?? "unsaid";
}

/** A write of which the log has taken the change. */
interface Told {
  readonly row: string;
  readonly version: number;
  readonly position: string;
}

/** Makes what writes rows and tells of it. */
function createWriter(
  { site, histories, random, asker, channels, note }: LoadParts,
  then: { readonly onPending: (waits: WriteRecord) => void; readonly onTold: (told: Told) => void },
): CacheLoad["write"] {
  const { writes, published } = histories;
  let events = 0;

  return async function write(place: Place, channel = random.integer(channels)): Promise<string | undefined> {
    const row = random.pick(ROWS);
    const version = site.origin.write(row);
    const id = `w-${++events}`;
    const applied = random.integer(12) === 0;
    const fields = {
      row,
      version: `${version}`,
      id,
      channel: `${channel}`,
      atMs: "0",
      applied: applied ? "yes" : "",
    };
    const event = { id, channel: channelName(channel) };
    const index = published.push(event) - 1;
    const answer = await asker.ask(place, `POST /change?${new URLSearchParams(fields)}`);
    if (!note(applied ? "change applied" : "change", place, answer) || answer.status !== 200)
      return undefined;
    const { node, returnMs, body } = answer;
    const what = { row, version, node, mode: "purge", applied } as const;
    if (body["pending"] === true) {
      const waits: WriteRecord = { ...what, applied: false, toldHereAtMs: returnMs };
      writes.push(waits);
      then.onPending(waits);
      return undefined;
    }
    writes.push({ ...what, toldAtMs: returnMs });
    const position = formatPosition(body["position"] as Position);
    published[index] = { ...event, position };
    then.onTold({ row, version, position });
    return id;
  };
}
