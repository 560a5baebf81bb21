import { formatPosition, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { channelName } from "../loss/traffic.ts";
import { ONLY_CURRENT } from "../race/history.ts";
import type { After, WriteRecord } from "../race/history.ts";
import type { Answer } from "./ask.ts";
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
  /** Resolves when everything that was asked for is answered. */
  settled(): Promise<void>;
}

/** Few rows meet more often. */
const ROWS = Array.from({ length: 30 }, (_, index) => `r${index}`);
const KEYS = [...ROWS, ...ROWS.slice(0, 10).map((row, index) => `${row}+r${(index * 7 + 11) % 30}`)];

/** How many entries a request for data reads. */
const AT_ONCE = 6;

/** What a node answered of one key. */
interface Found {
  readonly key: string;
  readonly versions: Record<string, number>;
  readonly reason: string;
}

/** One of several, which the node has timed. */
interface TimedFound extends Found {
  readonly tookMs: number;
}

/** Makes it. */
export function createCacheLoad(parts: LoadParts): CacheLoad {
  const { site, histories, random, asker, note } = parts;
  const { writes, reads } = histories;
  const waiting: WriteRecord[] = [];
  const flying = new Set<Promise<void>>();

  function noteRead({ node, callMs }: Answer, { key, versions, reason }: Found, cause?: Cause): void {
    const after = cause?.node === undefined || cause.node === node ? cause?.after : undefined;
    reads.push({
      ...{ node, key, beganAtMs: callMs, reason, accepts: ONLY_CURRENT, behindFence: false, after, versions },
      mayLag: reason === "hit-near" || reason === "ground-away",
    });
    histories.counts[`read: ${reason}`] = (histories.counts[`read: ${reason}`] ?? 0) + 1;
  }

  /** A cached route: it knows of positions. */
  async function readRoute(place: Place, rows: string, cause?: Cause): Promise<void> {
    const headers: Record<string, string> = {};
    if (cause?.position !== undefined) headers["live-position"] = cause.position;
    const path = `/rows/${rows}`;
    const answer = await asker.ask(place, `GET ${path}`, headers);
    if (!note("read", place, answer) || answer.status !== 200) return;
    const versions = answer.body["versions"] as Record<string, number>;
    noteRead(answer, { key: path, versions, reason: reasonOf(answer.headers["cache-status"]) }, cause);
  }

  /** Several entries in one request, at once. */
  async function readData(place: Place, keys: readonly string[], cause?: Cause): Promise<void> {
    const answer = await asker.ask(place, `GET /data/${keys.join(",")}`);
    if (!note("reads", place, answer) || answer.status !== 200) return;
    for (const { tookMs, ...found } of answer.body["read"] as readonly TimedFound[]) {
      noteRead(answer, { ...found, key: `/data/${found.key}` }, cause);
      histories.requests.push({ what: "read", node: place.name, atMs: answer.callMs, tookMs });
    }
  }

  function read(place: Place, cause?: Cause): Promise<void> {
    const isRoute = cause?.position !== undefined || random.integer(2) === 0;
    if (isRoute) return readRoute(place, cause ? cause.after.row : random.pick(KEYS), cause);
    const keys = cause ? [cause.after.row] : Array.from({ length: AT_ONCE }, () => random.pick(KEYS));
    return readData(place, keys, cause);
  }

  /** Reads because of something; nobody waits for it but {@link CacheLoad.settled}. */
  function readBecause(place: Place, cause: Cause): void {
    const reading = read(place, cause).finally(() => flying.delete(reading));
    flying.add(reading);
  }

  function readAfter({ row, version, position }: Told): void {
    const after = { row, version, mode: "purge", fenced: true } as const;
    readBecause(random.pick(site.places), { after, position });
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
      readBecause(place, { after, node });
    },
    settle(alive, nowMs) {
      for (const waits of waiting.splice(0)) {
        if (alive.has(waits.node)) writes.push({ ...waits, toldHereAtMs: undefined, toldAtMs: nowMs });
      }
    },
    async sweep(place) {
      for (const key of KEYS) await readRoute(place, key);
      await readData(place, KEYS);
    },
    async settled() {
      await Promise.all(flying);
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
