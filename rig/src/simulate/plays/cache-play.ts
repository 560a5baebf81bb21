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
  /** What the origin holds. */
  version(): number;
  readonly key: string;
  readonly tag: string;
}

/** Makes it. Writes are told by `change` with an event, by `set` and by `delete`. */
export function playCache(stage: Stage): CachePlay {
  const { random, site } = stage;
  const channel = `rows/${stage.seed}`;
  const row = stage.name("r");
  const tag = stage.name("row");
  const key = stage.name("k:");
  const keys = [key, `${key}:x`];
  const writes: WriteRecord[] = [];
  const reads: ReadRecord[] = [];
  let version = 0;
  let ids = 0;

  async function load(): Promise<SimLoaded> {
    stage.count("load");
    const loaded = version;
    if (random.integer(2) === 0) await pause(random.next() * 20);
    return { store: true, value: { id: ++ids, versions: { [row]: loaded } }, ttlMs: 3_600_000, tags: [tag] };
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => void site.clock.after(ms, resolve));
  }

  /** Reads as somebody who knows of a write perhaps; the first key, or any. */
  async function read(
    node: SiteNode,
    after?: After,
    { fence, key: wanted = random.pick(keys) }: ReadOptions = {},
  ): Promise<SimAnswer | undefined> {
    const isFresh = random.integer(4) === 0;
    const request = {
      ...{ key: wanted, fence, codec, load },
      freshness: { consistency: isFresh ? ("fresh" as const) : ("leased" as const) },
    };
    const beganAtMs = stage.instant();
    const answer = await askOf(node.live)(request as never, isFresh ? "resolve" : "peek");
    if (!answer) return undefined;
    stage.count(`read ${answer.reason}`);
    reads.push({
      node: node.name,
      key: request.key,
      ...{ beganAtMs, after, reason: answer.reason, behindFence: false },
      versions: answer.value.versions,
      mayLag: mayLag(answer),
      accepts: { ...ONLY_CURRENT, fresh: isFresh },
    });
    return answer;
  }

  function note(node: SiteNode, what: { readonly version: number; readonly keys?: readonly string[] }) {
    return (told: { readonly pending: boolean; readonly isSure?: boolean; readonly applied?: boolean }) => {
      const at = stage.instant();
      if (told.pending) stage.waiting.add(node);
      const isEverywhere = !told.pending && told.isSure !== false;
      writes.push({
        ...{ row, ...what, node: node.name, mode: "purge", applied: isEverywhere && told.applied === true },
        ...(isEverywhere ? { toldAtMs: at } : { toldHereAtMs: at }),
      });
    };
  }

  async function change(): Promise<void> {
    const node = stage.node();
    const mine = ++version;
    const isAwaited = random.integer(5) === 0;
    const noted = note(node, { version: mine });
    const { pending, position } = await node.live.change({
      tags: [tag],
      emit: [node.live.event("rows/:row", { row: stage.seed }, "moved", { row, version: mine })],
      ...(isAwaited ? { wait: "applied" } : {}),
    });
    stage.count(pending ? "change pending" : "change");
    noted({ pending, applied: isAwaited });
    if (position && random.integer(2) === 0) {
      const after = { row, version: mine, mode: "purge" as const, fenced: true };
      await read(stage.node(), after, { fence: position });
    }
  }

  const justRead = (): Promise<unknown> => read(stage.node());

  async function remove(): Promise<void> {
    const node = stage.node();
    const noted = note(node, { version: ++version, keys });
    await node.live.cache.deletePattern(`${key}:*`).then(() => node.live.cache.delete(key));
    // What voids keys does not say whether it waits for the ground.
    stage.waiting.add(node);
    noted({ pending: false, isSure: false });
  }

  return {
    channel,
    read,
    key,
    tag,
    version: () => version,
    // What nobody holds cannot become stale.
    async begin() {
      if (random.integer(4) === 0) return;
      for (const node of site.nodes) await read(node, undefined, { key });
    },
    // Of several changes, the last one hides what became of those before it.
    acts: [justRead, justRead, justRead, change, ...(random.integer(3) === 0 ? [change, remove] : [])],
    async unsettled() {
      for (const node of site.nodes) {
        const answer = await read(node, undefined, { key });
        const seen = answer?.value.versions[row];
        if (seen !== version) return `${node.name} answers version ${seen} of ${version}, ${answer?.reason}`;
      }
      return undefined;
    },
    end() {
      for (const found of findStale(writes, reads, LEASE_MS)) stage.report(`stale: ${found.rule}`, found);
    },
  };
}
