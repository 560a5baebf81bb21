import { openGate, startRedis, until } from "@livecache/rig";
import type { Gate, RedisProcess } from "@livecache/rig";
import type { TestContext } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { randomWord } from "../../src/base/ids.ts";
import { tokenName } from "../../src/base/token-digest.ts";
import type { Ground } from "../../src/ports/ground.ts";
import type { RevocationStore } from "../../src/ports/revocation-store.ts";
import { openRedis } from "../../src/redis/open.ts";

/** How a store of revocations is made worse. */
export type StoreFault = (right: RevocationStore) => Partial<RevocationStore>;

/** A Redis behind a gate, and nodes in front of it. */
export interface TokenSite {
  readonly redis: RedisProcess;
  readonly gate: Gate;
  /** One more node; it connects through the gate. */
  join(fault?: StoreFault): Promise<Live>;
}

const SECRET = "s".repeat(32);

/** Starts a Redis; it ends with the test, and the nodes with it. The context is asked, because such tests run side by side. */
export async function openTokenSite(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  config: readonly string[] = [],
): Promise<TokenSite> {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  return {
    redis,
    gate,
    async join(fault) {
      const ground = await openRedis(gate.url, { start: "degraded" });
      const logger = { warn: () => undefined };
      const live = createLive({ ground: fault ? planted(ground, fault) : ground, secret: SECRET, logger });
      onTestFinished(live.close);
      return live;
    },
  };
}

function planted(ground: Ground, fault: StoreFault): Ground {
  return {
    ...ground,
    realm(name) {
      const realm = ground.realm(name);
      return { ...realm, revocationStore: { ...realm.revocationStore, ...fault(realm.revocationStore) } };
    },
  };
}

/** A token that nobody revokes. */
export const GOOD = "good";

/** An hour from now. */
export function inAnHour(): number {
  return Date.now() + 3_600_000;
}

/** Names of tokens, different ones each time. */
export function tokensOf(count: number): readonly string[] {
  const series = randomWord(8);
  return Array.from({ length: count }, (_, index) => `${series}-${index}`);
}

/** Revokes many at once, as `live.tokens.revoke` does with each. */
export async function revokeAll(site: TokenSite, tokens: readonly string[]): Promise<void> {
  const ground = await openRedis(site.redis.url);
  const { revocationStore } = ground.realm("main");
  const atMs = Math.ceil(inAnHour() / 1_000) * 1_000;
  for (let from = 0; from < tokens.length; from += 200) {
    const revoked = tokens
      .slice(from, from + 200)
      .map((token) => ({ kind: "token", id: tokenName(token), atMs }) as const);
    await revocationStore.revoke({ changeId: randomWord(16), origin: "test", revoked, tags: [] });
  }
  await ground.close();
}

/** How many of the tokens a node accepts. */
function acceptedBy({ tokens: room }: Live, tokens: readonly string[]): number {
  return tokens.filter((jti) => room.check({ jti }) === "valid").length;
}

/** Waits until nodes answer "valid" of a token that is. */
export async function untilSure(nodes: readonly Live[], withinMs = 10_000): Promise<void> {
  const areSure = (): boolean => nodes.every(({ tokens }) => tokens.check({ jti: GOOD }) === "valid");
  await until(areSure, { what: "all nodes know what is revoked", withinMs });
}

/** Tries tokens on nodes, again and again, until it is stopped; says how many were accepted. */
export interface Checker {
  watch(live: Live): void;
  /** How often a revoked token was accepted, and how many were tried. */
  stop(): Promise<{ readonly accepted: number; readonly tried: number }>;
}

const TRIED_AT_ONCE = 100;

/** Begins to try. What it tries is revoked before it begins. */
export function startChecker(tokens: readonly string[], nodes: readonly Live[]): Checker {
  const watched = new Set(nodes);
  const over = new AbortController();
  let accepted = 0;
  let tried = 0;
  async function run(): Promise<void> {
    for (let from = 0; !over.signal.aborted; from = (from + TRIED_AT_ONCE) % tokens.length) {
      const some = tokens.slice(from, from + TRIED_AT_ONCE);
      for (const live of watched) {
        accepted += acceptedBy(live, some);
        tried += some.length;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const live of watched) accepted += acceptedBy(live, tokens);
  }
  const running = run();
  return {
    watch: (live) => void watched.add(live),
    async stop() {
      over.abort();
      await running;
      return { accepted, tried };
    },
  };
}
