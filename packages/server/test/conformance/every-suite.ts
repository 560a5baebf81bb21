import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, test } from "vitest";
import { randomWord } from "../../src/base/ids.ts";
import {
  cacheStoreSuite,
  changeLogSuite,
  claimStoreSuite,
  laneSuite,
  limitStoreSuite,
  notificationStoreSuite,
  presenceStoreSuite,
  regionStoreSuite,
  revocationStoreSuite,
  sessionStoreSuite,
  socketStoreSuite,
} from "../../src/conformance/suites.ts";
import type { ConformanceGround, Runner } from "../../src/conformance/suites.ts";

/** What everything else is judged by. */
export const CORE_SUITES = [cacheStoreSuite, changeLogSuite, laneSuite] as const;

/** Every port. */
export const EVERY_SUITE = [
  ...[...CORE_SUITES, claimStoreSuite, notificationStoreSuite],
  ...[presenceStoreSuite, socketStoreSuite, regionStoreSuite, limitStoreSuite],
  ...[revocationStoreSuite, sessionStoreSuite],
] as const;

/** Tests that close their ground, or that open several on the same data: those have grounds of their own. */
const OWN_GROUND = /\bclos/;

/** Tests that measure how long something takes: nothing runs beside them. */
const TIMED = /\bevery \d+ ms/;

/** How many tests share a ground, one after the other or at once: each leaves realms behind that go on beating. */
const SHARED_BY = 20;

interface Shared {
  readonly ground: Promise<ConformanceGround>;
  begun: number;
  running: number;
}

/**
 * Runs the contracts of ports, several tests at a time. They share grounds, and each has realms of its own: opening a ground takes
 * longer than most of them.
 */
export function runSuites(
  suites: typeof EVERY_SUITE | typeof CORE_SUITES,
  open: () => Promise<ConformanceGround>,
): void {
  const names = new AsyncLocalStorage<string>();
  let latest: Shared | undefined;

  async function leave(shared: Shared): Promise<void> {
    shared.running--;
    if (shared.running > 0 || shared.begun < SHARED_BY) return;
    const ground = await shared.ground;
    await ground.invariants?.();
    await ground.close();
  }

  async function openFor(): Promise<ConformanceGround> {
    if (OWN_GROUND.test(names.getStore() ?? "")) return open();
    if (!latest || latest.begun >= SHARED_BY) latest = { ground: open(), begun: 0, running: 0 };
    const shared = latest;
    shared.begun++;
    shared.running++;
    return withOwnRealms(await shared.ground, () => leave(shared));
  }

  afterAll(async () => {
    if (latest && latest.begun < SHARED_BY) await (await latest.ground).close();
  });
  const alone: Runner = test;
  const concurrently: Runner = test.concurrent;
  const runner: Runner = (name, run) =>
    (TIMED.test(name) ? alone : concurrently)(name, () => names.run(name, run));
  for (const suite of suites) suite({ test: runner, open: openFor });
}

function withOwnRealms(ground: ConformanceGround, close: () => Promise<void>): ConformanceGround {
  const word = randomWord(8);
  const own = (name: string): string => `${word}-${name}`;
  return {
    realm: (name) => ground.realm(own(name)),
    forgetTag: async (realm, tag) => ground.forgetTag?.(own(realm), tag),
    plantBytes: (realm, key, bytes) => ground.plantBytes!(own(realm), key, bytes),
    close,
  };
}
