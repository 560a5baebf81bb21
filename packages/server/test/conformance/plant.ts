import { cacheStoreSuite, changeLogSuite, laneSuite } from "../../src/conformance/suites.ts";
import type { ConformanceGround, SuiteOptions } from "../../src/conformance/suites.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { MEMORY } from "./matrix.ts";

/** A realm with a fault, made from a right one. */
export type Plant = (realm: Realm) => Realm;

/** A fault, and the sentence of the suites that must find it. */
export interface Fault {
  readonly fault: string;
  readonly plant: Plant;
  readonly found: string;
}

/** Plants a fault in the cache store. */
export function store(
  change: (store: Realm["cacheStore"], realm: Realm) => Partial<Realm["cacheStore"]>,
): Plant {
  return (realm) => ({ ...realm, cacheStore: { ...realm.cacheStore, ...change(realm.cacheStore, realm) } });
}

/** Plants a fault in the change log. */
export function log(change: (log: Realm["changeLog"]) => Partial<Realm["changeLog"]>): Plant {
  return (realm) => ({ ...realm, changeLog: { ...realm.changeLog, ...change(realm.changeLog) } });
}

/** Opens a ground in memory with a fault in each of its realms. */
export async function openPlanted(plant: Plant): Promise<ConformanceGround> {
  const ground = await MEMORY[0]!.open();
  return { ...ground, realm: (name) => plant(ground.realm(name)) };
}

/** A suite, as it is handed to a runner. */
export type Suite = (options: SuiteOptions) => void;

/** Longest that a test waits over a ground with a fault: mostly for what never comes. */
const WITHIN_MS = 1_500;

/** Every test of some suites over a ground with a fault, or without one, by its sentence. */
export function collectFrom(
  suites: readonly Suite[],
  plant?: Plant,
): ReadonlyMap<string, () => Promise<void>> {
  const runs = new Map<string, () => Promise<void>>();
  const collect = (name: string, run: () => Promise<void>) => runs.set(name, run);
  const open = () => openPlanted(plant ?? ((realm) => realm));
  for (const suite of suites) suite({ test: collect, open, ...(plant ? { withinMs: WITHIN_MS } : {}) });
  return runs;
}

/** Every test of the suites of cache and log over a ground with a fault, by its sentence. */
export function collectRuns(plant: Plant): ReadonlyMap<string, () => Promise<void>> {
  return collectFrom([cacheStoreSuite, changeLogSuite, laneSuite], plant);
}
