import { formatPosition, isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { checkKey, subtreesOf } from "../base/names.ts";
import type { CacheStore, ReadReply } from "../ports/cache-store.ts";
import { explain } from "./explain.ts";
import type { Ledger } from "./ledger.ts";
import type { Cause } from "./narration.ts";
import type { NodeView } from "./node-view.ts";
import { patternOf } from "./pattern.ts";
import type { WhyAnswer, WhyEntry } from "./why-answer.ts";

/** Explains one key. */
export type Why = (key: string) => Promise<WhyAnswer>;

/** What explaining needs. */
export interface WhyParts {
  readonly store: CacheStore;
  readonly view: Pick<NodeView, "consult" | "near">;
  readonly ledger: Pick<Ledger, "eventsOf">;
  readonly clock: Clock;
  readonly causeOf: (tags: readonly string[], since: Position) => Cause | undefined;
}

/** Makes the explaining of one node. */
export function createWhy(parts: WhyParts): Why {
  return async (key) => {
    checkKey(key);
    // The memory first: asking the ground could renew it.
    const near = nearOf(parts, key);
    const far = await farOf(parts, key);
    const known = { key, pattern: patternOf(key), near, far, last: parts.ledger.eventsOf(key) };
    return { ...known, explanation: explain(known, parts.clock.wall()) };
  };
}

function nearOf({ view, clock }: WhyParts, key: string): WhyAnswer["near"] {
  const found = view.consult(key, undefined);
  if (!found) return view.near.get(key) === undefined ? "absent" : "untrusted";
  const { freshUntilMs, loadedAtMs, position, bytes, tags } = found.entry;
  const nowMs = clock.now();
  const ttlLeftMs = freshUntilMs - nowMs;
  const state = found.isMoved || ttlLeftMs <= 0 ? "stale" : "fresh";
  return { state, ttlLeftMs, ageMs: nowMs - loadedAtMs, position: formatPosition(position), bytes, tags };
}

async function farOf(parts: WhyParts, key: string): Promise<WhyAnswer["far"]> {
  let reply: ReadReply | undefined;
  try {
    [reply] = await parts.store.read([key]);
  } catch (error) {
    if (isLiveError(error)) return "unreachable";
    throw error;
  }
  if (!reply || reply.state === "absent") return "absent";
  const { position, ttlMs, ttlLeftMs, value, tags } = reply.entry;
  const implied = new Set([key, ...subtreesOf(key)]);
  return {
    state: farState(reply.state, ttlLeftMs),
    ...(reply.state === "invalid" && { reason: reply.reason }),
    ttlLeftMs,
    ageMs: Math.max(0, ttlMs - ttlLeftMs),
    position: formatPosition(position),
    bytes: value.length,
    tags: tags.filter((tag) => !implied.has(tag)),
    cause: parts.causeOf(tags, position),
  };
}

function farState(state: "valid" | "stale" | "invalid", ttlLeftMs: number): WhyEntry["state"] {
  if (state === "invalid") return "void";
  return state === "stale" || ttlLeftMs <= 0 ? "stale" : "fresh";
}
