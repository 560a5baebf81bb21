import type { Position } from "livecache";
import { ONLY_CURRENT, findStale, mayLag } from "../../race/history.ts";
import type { After, ReadRecord, WriteRecord } from "../../race/history.ts";
import { askOf, codec } from "../../race/sim-ask.ts";
import type { SimAnswer, SimLoaded } from "../../race/sim-ask.ts";
import type { SiteNode } from "../site.ts";
import type { Play, Stage } from "../stage.ts";

const LEASE_MS = 1_000;

/** How somebody reads. */
interface ReadOptions {
  /** The position of the write that they know of. */
  readonly fence?: Position;
  /** Default: any. */
  readonly key?: string;
}

/** Rows of an origin, values that are made from them, and changes that tell of them. */
export interface CachePlay extends Play {
  readonly channel: string;
  /** Reads one value, as somebody who knows of a write perhaps. */
  read(node: SiteNode, after?: After, options?: ReadOptions): Promise<SimAnswer | undefined>;
  /** Writes, and tells of it; on any node. */
  change(node?: SiteNode): Promise<void>;
  /** What the origin holds, and everybody was told of. */
  version(): number;
  readonly key: string;
  readonly tag: string;
}

/** Makes it. Writes are told by `change` with an event, and by `delete`. */
export function playCache(stage: Stage): CachePlay {
  const { random, site } = stage;
  const things: Things = {
    ...{ channel: `rows/${stage.seed}`, row: stage.name("r"), tag: stage.name("row"), key: stage.name("k:") },
    ...{ version: 0, untold: 0, writes: [], reads: [] },
  };
  const { key, tag, row, channel } = things;
  const read = createReader(stage, things);
  const { change, remove } = createWriters(stage, things, read);
  const justChange = (): Promise<void> => change();
  const justRead = (): Promise<unknown> => read(stage.node());
  return {
    ...{ channel, read, change, key, tag },
    // What nobody was told of is not asked for.
    version: () => (things.version === things.untold ? 0 : things.version),
    // What nobody holds cannot become stale.
    async begin() {
      if (random.integer(4) === 0) return;
      for (const node of site.nodes) await read(node, undefined, { key });
    },
    // Of several changes, the last one hides what became of those before it.
    acts: [
      justRead,
      justRead,
      justRead,
      justChange,
      ...(random.integer(3) === 0 ? [justChange, remove] : []),
    ],
    async unsettled() {
      for (const node of site.nodes) {
        const answer = await read(node, undefined, { key });
        const seen = answer?.value.versions[row];
        const { version, untold } = things;
        if (seen !== version && version !== untold)
          return `${node.name} answers version ${seen} of ${version}, ${answer?.reason}`;
      }
      return undefined;
    },
    end() {
      const { writes, reads } = things;
      for (const found of findStale(writes, reads, LEASE_MS)) stage.report(`stale: ${found.rule}`, found);
    },
  };
}

/** What is read and written, and what became of it. */
interface Things {
  readonly channel: string;
  readonly row: string;
  readonly tag: string;
  readonly key: string;
  readonly writes: WriteRecord[];
  readonly reads: ReadRecord[];
  /** What the origin holds. */
  version: number;
  /** Up to which version nobody was told of it, because the call rejected: whoever made it knows that. */
  untold: number;
}

const keysOf = ({ key }: Things): readonly string[] => [key, `${key}:x`];

function createReader(stage: Stage, things: Things): CachePlay["read"] {
  const { random, site } = stage;
  const { row, tag, reads } = things;
  let ids = 0;

  async function load(): Promise<SimLoaded> {
    stage.count("load");
    const versions = { [row]: things.version };
    const slowMs = random.integer(2) === 0 ? random.next() * 20 : 0;
    if (slowMs > 0) await new Promise<void>((resolve) => void site.clock.after(slowMs, resolve));
    return { store: true, value: { id: ++ids, versions }, ttlMs: 3_600_000, tags: [tag] };
  }

  return async (node, after, { fence, key = random.pick(keysOf(things)) } = {}) => {
    const isFresh = random.integer(4) === 0;
    const freshness = { consistency: isFresh ? ("fresh" as const) : ("leased" as const) };
    const beganAtMs = stage.instant();
    const request = { key, fence, codec, load, freshness };
    const answer = await askOf(node.live)(request as never, isFresh ? "resolve" : "peek");
    if (!answer) return undefined;
    stage.count(`read ${answer.reason}`);
    reads.push({
      ...{ node: node.name, key, beganAtMs, after, reason: answer.reason, behindFence: false },
      versions: answer.value.versions,
      mayLag: mayLag(answer),
      accepts: { ...ONLY_CURRENT, fresh: isFresh },
    });
    return answer;
  };
}

/** How a write was told. */
interface Told {
  readonly version: number;
  readonly keys?: readonly string[];
  readonly pending: boolean;
  /** Whether it is known to have been told to the ground. */
  readonly isSure: boolean;
  readonly applied: boolean;
}

function createWriters(stage: Stage, things: Things, read: CachePlay["read"]) {
  const { random } = stage;
  const { row, tag, key, writes } = things;

  function note(node: SiteNode, { version, keys, pending, isSure, applied }: Told): void {
    const at = stage.instant();
    if (pending || !isSure) stage.waiting.add(node);
    const told = pending || !isSure ? { toldHereAtMs: at } : { toldAtMs: at };
    writes.push({
      row,
      version,
      keys,
      node: node.name,
      mode: "purge",
      applied: applied && !pending,
      ...told,
    });
  }

  return {
    async change(node = stage.node()): Promise<void> {
      const version = ++things.version;
      const applied = random.integer(5) === 0;
      const telling = node.live.change({
        tags: [tag],
        emit: [node.live.event("rows/:row", { row: stage.seed }, "moved", { row, version })],
        ...(applied ? { wait: "applied" } : {}),
      });
      telling.catch(() => (things.untold = Math.max(things.untold, version)));
      const { pending, position } = await telling;
      stage.count(pending ? "change pending" : "change");
      note(node, { version, pending, applied, isSure: true });
      if (!position || random.integer(2) === 0) return;
      const after = { row, version, mode: "purge" as const, fenced: true };
      await read(stage.node(), after, { fence: position });
    },
    async remove(): Promise<void> {
      const node = stage.node();
      const version = ++things.version;
      const telling = node.live.cache.deletePattern(`${key}:*`).then(() => node.live.cache.delete(key));
      telling.catch(() => (things.untold = Math.max(things.untold, version)));
      await telling;
      // What voids keys does not say whether it waits for the ground.
      note(node, { version, keys: keysOf(things), pending: false, isSure: false, applied: false });
    },
  };
}
