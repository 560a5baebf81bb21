import { isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { subtreesOf } from "../base/names.ts";
import type { Reason } from "../base/reasons.ts";
import type { CacheStore, ReadReply } from "../ports/cache-store.ts";
import type { NodeView } from "./node-view.ts";
import type { Codec, Resolved } from "./request.ts";

/** What reading the ground needs from its surroundings. */
export interface FarParts {
  readonly store: CacheStore;
  readonly view: NodeView;
  readonly clock: Clock;
  /** Whether the ground can be asked now, and knows every change made here. */
  readonly usable: () => boolean;
}

/** Why the key has to be loaded, and the stamp of the entry that was found invalid. */
export interface Miss {
  readonly reason: Reason;
  readonly seen: Position | undefined;
}

const AWAY: Miss = { reason: "ground-away", seen: undefined };

/** Reads one key of the ground, judged by this node's board where that reaches. A ground that does not answer is a miss. */
export async function readFar<T>(
  parts: FarParts,
  { key, codec }: { readonly key: string; readonly codec: Codec<T> },
): Promise<Resolved<T> | Miss> {
  if (!parts.usable()) return AWAY;
  let reply: ReadReply | undefined;
  try {
    [reply] = await parts.store.read([key], parts.view.board.judge);
  } catch (error) {
    if (isLiveError(error)) return AWAY;
    throw error;
  }
  if (reply?.state === "valid") {
    const found = receive(parts, codec, { ...reply, reason: "hit-far" });
    return found ?? { reason: "absent", seen: reply.entry.position };
  }
  if (reply?.state === "invalid") return { reason: reply.reason, seen: reply.position };
  return { reason: "absent", seen: undefined };
}

/** Takes a valid entry of the ground into this node's memory. Bytes that cannot be decoded are no entry. */
export function receive<T>(
  { view, clock }: FarParts,
  codec: Codec<T>,
  { entry, judgedAt, reason }: Extract<ReadReply, { state: "valid" }> & { readonly reason: Reason },
): Resolved<T> | undefined {
  let value: T;
  try {
    value = codec.decode(entry.value);
  } catch {
    return undefined;
  }
  const { key, position, ttlLeftMs } = entry;
  const implied = subtreesOf(key);
  const tags = entry.tags.filter((tag) => tag !== key && !implied.includes(tag));
  const kept = { value, tags, position, validUpTo: judgedAt, ttlLeftMs, loadedAtMs: clock.now() };
  view.keep(key, { ...kept, bytes: entry.value.length });
  return { value, source: "far", reason, position, tags, ttlLeftMs, stored: true, ageMs: 0 };
}
