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

const SUITES = [
  ...[cacheStoreSuite, changeLogSuite, laneSuite, claimStoreSuite, notificationStoreSuite],
  ...[presenceStoreSuite, socketStoreSuite, regionStoreSuite, limitStoreSuite],
  ...[revocationStoreSuite, sessionStoreSuite],
];

/** Tests that close their ground, or that open several on the same data: those have grounds of their own. */
const OWN_GROUND = /\bclos/;

/**
 * Runs the contract of every port, several tests at a time. They share a ground, and each has realms of its own: opening a ground takes
 * longer than most of them.
 */
export function everySuite(open: () => Promise<ConformanceGround>): void {
  const running = new AsyncLocalStorage<string>();
  let shared: Promise<ConformanceGround> | undefined;
  afterAll(async () => {
    const ground = await shared;
    await ground?.invariants?.();
    await ground?.close();
  });

  async function openFor(): Promise<ConformanceGround> {
    if (OWN_GROUND.test(running.getStore() ?? "")) return open();
    return withOwnRealms(await (shared ??= open()));
  }

  const runner: Runner = (name, run) => test.concurrent(name, () => running.run(name, run));
  for (const suite of SUITES) suite({ test: runner, open: openFor });
}

function withOwnRealms(ground: ConformanceGround): ConformanceGround {
  const word = randomWord(8);
  const own = (name: string): string => `${word}-${name}`;
  return {
    realm: (name) => ground.realm(own(name)),
    forgetTag: async (realm, tag) => ground.forgetTag?.(own(realm), tag),
    plantBytes: (realm, key, bytes) => ground.plantBytes!(own(realm), key, bytes),
    close: async () => undefined,
  };
}
