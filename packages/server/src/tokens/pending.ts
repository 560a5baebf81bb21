import { randomWord } from "../base/ids.ts";
import { MAX_REVOKED_AT_ONCE } from "../ports/revocation-store.ts";
import type { Revocation, RevocationStore, RevokeReply } from "../ports/revocation-store.ts";

/** What this node has revoked, and could not tell the ground. */
export interface Pending {
  add(revoked: Revocation, tags: readonly string[]): void;
  /** Tells the ground, the oldest first. Rejects as the store does; what it did not take waits on. */
  repeat(): Promise<void>;
  size(): number;
}

/**
 * Most that waits. What is beyond it is not lost: it stands in this node's set, and is restored from there as everything that the ground
 * lacks. Only the tags of users beyond it do not move.
 */
const MOST_WAITING = 10_000;

/** Makes a list of nothing. */
export function createPending(parts: {
  readonly node: string;
  readonly store: Pick<RevocationStore, "revoke">;
  readonly onAppended: (position: Extract<RevokeReply, { state: "revoked" }>["position"]) => void;
}): Pending {
  const waiting: { readonly revoked: Revocation; readonly tags: readonly string[] }[] = [];
  let repeating: Promise<void> | undefined;

  async function repeatAll(): Promise<void> {
    while (waiting.length > 0) {
      const now = waiting.slice(0, MAX_REVOKED_AT_ONCE);
      const reply = await parts.store.revoke({
        changeId: randomWord(16),
        origin: parts.node,
        revoked: now.map(({ revoked }) => revoked),
        tags: [...new Set(now.flatMap(({ tags }) => tags))],
      });
      waiting.splice(0, now.length);
      if (reply.state === "revoked") parts.onAppended(reply.position);
    }
  }

  return {
    add(revoked, tags) {
      if (waiting.length < MOST_WAITING) waiting.push({ revoked, tags });
    },
    repeat: () => (repeating ??= repeatAll().finally(() => (repeating = undefined))),
    size: () => waiting.length,
  };
}
