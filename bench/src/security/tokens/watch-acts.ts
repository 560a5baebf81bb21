import { setImmediate as nextTurn } from "node:timers/promises";
import { machineNowMs } from "../../node/follower.ts";
import type { OpenWatched, Watched } from "./watched.ts";

/** Nodes whose sockets are of tokens. */
const WATCHED = {
  "raw publish": async (redisUrl) => (await import("./raw-publish.ts")).openRawPublish(redisUrl),
  livecache: async (redisUrl) => (await import("./livecache-sockets.ts")).openLivecacheSockets(redisUrl),
} as const satisfies Readonly<Record<string, OpenWatched>>;

const PATIENCE_MS = 10_000;
const LIFETIME_MS = 3_600_000;

/** What a node with sockets of tokens can be asked to do. Times are of the clock that all processes of a machine share. */
export function createWatchActs() {
  let open: Watched | undefined;
  let watching: Promise<number> | undefined;
  const node = (): Watched => {
    if (!open) throw new Error("the node is not open");
    return open;
  };

  async function refusedAt(jti: string): Promise<number> {
    const { isRevoked } = node();
    const endsAtMs = machineNowMs() + PATIENCE_MS;
    for (;;) {
      const nowMs = machineNowMs();
      if (isRevoked(jti)) return nowMs;
      if (nowMs > endsAtMs)
        throw new Error(`a token was still accepted ${PATIENCE_MS} ms after it was revoked`);
      await nextTurn();
    }
  }

  return {
    async open(name: string, redisUrl: string): Promise<void> {
      open = await WATCHED[name as keyof typeof WATCHED](redisUrl);
    },
    port: () => node().port,
    /** Begins to try a token in every turn of the event loop, as a busy node does. */
    watch(jti: string): void {
      if (node().isRevoked(jti)) throw new Error(`void: ${jti} is refused before it was revoked`);
      watching = refusedAt(jti);
      watching.catch(() => undefined);
    },
    /** When the token that is watched was refused for the first time. */
    refusedAt: () => watching,
    async revoke(jti: string): Promise<{ readonly begunAtMs: number; readonly resolvedAtMs: number }> {
      const begunAtMs = machineNowMs();
      await node().revoke(jti, Date.now() + LIFETIME_MS);
      return { begunAtMs, resolvedAtMs: machineNowMs() };
    },
    async close(): Promise<void> {
      await open?.close();
    },
  };
}
