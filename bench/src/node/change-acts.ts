import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Cell } from "./cell.ts";
import { follow, machineNowMs } from "./follower.ts";
import type { Follower } from "./follower.ts";

/** Something that is done to a key, so many milliseconds from now. */
export interface Delayed {
  readonly key: string;
  readonly delayMs: number;
}

/** The acts of a contestant in which something changes, or many come at once. */
export function createChangeActs(cell: Cell) {
  let follower: Follower | undefined;
  return {
    /** Lets many callers ask for one key in one turn; answers how long the last of them waited. */
    async burst({ key, callers }: { readonly key: string; readonly callers: number }) {
      const { read } = cell.subject();
      const begunAtMs = performance.now();
      const values = await Promise.all(Array.from({ length: callers }, () => read(key)));
      const ms = performance.now() - begunAtMs;
      const expected = cell.origin().expected(key);
      // Most of them share one object, which is compared once.
      const wrong = [...new Set(values)].find((value) => !isDeepStrictEqual(value, expected));
      if (wrong !== undefined) throw new Error("void: a caller got a wrong value");
      return { ms };
    },
    async changeTag(tag: string) {
      const { changeTag } = cell.subject();
      if (!changeTag) throw new Error("it has no tags");
      const begunAtMs = performance.now();
      await changeTag(tag);
      return { ms: performance.now() - begunAtMs };
    },
    /** From now on reads one key all the time; `seen` tells what came of it. */
    follow(key: string) {
      follower = follow(() => cell.subject().read(key));
    },
    seen: (version: number, withinMs: number) => follower!.seen(version, withinMs),
    unfollow: () => follower?.stop(),
    /** Begins to read each key after its delay, and answers the versions that came back. */
    readAfter: (plan: readonly Delayed[]) =>
      Promise.all(
        plan.map(async ({ key, delayMs }) => {
          await pause(delayMs);
          return ((await cell.subject().read(key)) as { readonly version: number }).version;
        }),
      ),
    /** Renews the origin's value of each key after its delay, and voids the key. */
    changeAfter: (plan: readonly Delayed[]) =>
      Promise.all(
        plan.map(async ({ key, delayMs }) => {
          await pause(delayMs);
          await cell.origin().renew(key);
          await cell.subject().changeKey!(key);
        }),
      ),
    /** Renews the origin's value of a key, voids the key, or the tag, everywhere, and answers when that had resolved. */
    async change({ key, tag }: { readonly key: string; readonly tag?: string }) {
      const subject = cell.subject();
      const version = await cell.origin().renew(key);
      await (tag === undefined ? subject.changeKey!(key) : subject.changeTag!(tag));
      return { version, resolvedAtMs: machineNowMs() };
    },
  };
}
