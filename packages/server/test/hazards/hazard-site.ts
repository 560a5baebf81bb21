import { onTestFinished } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { MemoryGroundOptions } from "../../src/memory/ground.ts";
import type { Ground, Realm } from "../../src/ports/ground.ts";
import { createCluster } from "../cache/test-node.ts";
import type { TestCluster } from "../cache/test-node.ts";

/** A cluster without nodes on memory; it ends with the test. */
export function openCluster(options: MemoryGroundOptions = {}): TestCluster {
  const cluster = createCluster(createMemoryGround(options));
  onTestFinished(() => cluster.close());
  return cluster;
}

/** A call of the ground whose reply is on its way, and stays there until it is let through. */
export interface HeldReply {
  /** Resolves when the ground has answered, and the reply has not arrived. */
  readonly isUnderWay: Promise<void>;
  letThrough(): void;
}

/** A node's way to the ground on which the reply of its next read is held up. */
export function holdNextRead(ground: Ground): { readonly ground: Ground; readonly held: HeldReply } {
  let letThrough = (): void => undefined;
  let answered = (): void => undefined;
  const isUnderWay = new Promise<void>((resolve) => (answered = resolve));
  const gate = new Promise<void>((resolve) => (letThrough = resolve));
  const realm = ground.realm("main");
  const read: Realm["cacheStore"]["read"] = async (keys, judge) => {
    const replies = await realm.cacheStore.read(keys, judge);
    answered();
    await gate;
    return replies;
  };
  const slow: Realm = { ...realm, cacheStore: { ...realm.cacheStore, read } };
  return { ground: { ...ground, realm: () => slow }, held: { isUnderWay, letThrough } };
}

/** A node's way to the ground on which its calls are counted. */
export function countCalls(ground: Ground): { readonly ground: Ground; readonly calls: string[] } {
  const calls: string[] = [];
  const whole = ground.realm("main");
  const { cacheStore, changeLog } = whole;
  const counted = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const realm: Realm = { ...whole, cacheStore: counted(cacheStore), changeLog: counted(changeLog) };
  return { ground: { ...ground, realm: () => realm }, calls };
}
