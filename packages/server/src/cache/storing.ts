import { isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import { seal } from "../base/envelope.ts";
import { dependenciesOf } from "../base/names.ts";
import type { CommitReply } from "../ports/cache-store.ts";
import type { FarParts } from "./far.ts";
import type { FillParts } from "./fill-order.ts";
import { jitteredTtlMs, keepMsOf } from "./freshness.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { Loaded, ResolveRequest } from "./request.ts";

/** The right to load, as `begin` granted it. */
export interface Grant {
  readonly lease: string;
  readonly position: Position;
}

/** A loaded value in its stored form, and as every reader gets it: decoded from that form. */
export interface StoredValue<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
  readonly tags: readonly string[];
  readonly ttlMs: number;
  readonly keepMs: number;
}

/** Encodes a loaded value, and decides how long it lives. Throws what the codec throws. */
export function pack<T>(
  request: ResolveRequest<T>,
  loaded: Loaded<T> & { readonly store: true },
  position: Position | undefined,
): StoredValue<T> {
  const { key, codec, version = 0, freshness = PLAIN_FRESHNESS } = request;
  const payload = codec.encode(loaded.value);
  const ttlMs = jitteredTtlMs(loaded.ttlMs, freshness.jitter, { key, seq: position?.seq ?? 0 });
  return {
    bytes: seal(payload, version),
    value: codec.decode(payload),
    tags: loaded.tags,
    ttlMs,
    keepMs: keepMsOf(ttlMs, freshness),
  };
}

/** How storing ended. `lost`: the ground did not answer, so it is unknown whether it took the value. */
export type Committed = "valid" | "stale" | "refused" | "lost";

/** Stores a value that was loaded under a grant, there and in this node's memory. The grant is given back by it. */
export async function commit<T>(
  { store, view }: FarParts,
  load: { readonly key: string; readonly grant: Grant; readonly startedAtMs: number },
  stored: StoredValue<T>,
): Promise<Committed> {
  const { key, grant, startedAtMs } = load;
  const { bytes, value, tags, ttlMs, keepMs } = stored;
  const { lease, position } = grant;
  const dependencies = dependenciesOf(key, tags);
  let reply: CommitReply;
  try {
    reply = await store.commit({ key, lease, position, tags: dependencies, value: bytes, ttlMs, keepMs });
  } catch (error) {
    if (isLiveError(error)) return "lost";
    throw error;
  }
  if (reply.state !== "stored") return "refused";
  const left = { ttlMs, ttlLeftMs: ttlMs, keptLeftMs: keepMs };
  // Judged from its stamp on, so that the board sees every move since, the one that the reply may speak of included.
  const standing = { id: reply.id, position, validUpTo: position, ...left, loadedAtMs: startedAtMs };
  view.keep(key, { value, tags, dependencies, ...standing, bytes: bytes.length });
  return reply.verdict;
}

/** How long to wait before a ground that did not take a right back is asked again. */
const GIVE_AGAIN_MS = 250;

/**
 * Gives the right to load back without a value, in the background. While the ground is away it is tried again for as long as the right
 * lasts: otherwise everybody would wait for nobody's load when the ground is back.
 */
export function giveBack(parts: GiveBackParts, key: string, { lease }: Grant): void {
  parts.tasks.track(giveBackWhileItLasts(parts, key, lease));
}

/** What giving back needs from its surroundings. */
type GiveBackParts = Pick<FillParts, "store" | "tasks" | "clock" | "signal" | "loadLeaseMs">;

async function giveBackWhileItLasts(
  { store, clock, signal, loadLeaseMs }: GiveBackParts,
  key: string,
  lease: string,
): Promise<void> {
  const untilMs = clock.now() + loadLeaseMs;
  for (;;) {
    try {
      return await store.abandon(key, lease);
    } catch {
      await sleep(clock, GIVE_AGAIN_MS, signal);
      if (signal.aborted || clock.now() >= untilMs) return;
    }
  }
}
