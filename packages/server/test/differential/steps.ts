import fc from "fast-check";
import type { Position } from "@livecache/wire";
import type { Realm } from "../../src/ports/ground.ts";

/** What a run over one ground remembers of its answers, for the steps that follow. */
export interface Remembered {
  readonly positions: Position[];
  readonly leases: string[];
  readonly entries: string[];
  /** How many changes it has made. */
  made: number;
}

/** One call of one port; equal for both grounds but for what they answered before. */
export interface Step {
  readonly text: string;
  perform(realm: Realm, remembered: Remembered): Promise<unknown>;
}

/** A call with arguments that are drawn. */
export function step<A extends object>(
  name: string,
  args: { readonly [K in keyof A]: fc.Arbitrary<A[K]> },
  perform: (realm: Realm, args: A, remembered: Remembered) => Promise<unknown>,
): fc.Arbitrary<Step> {
  return fc.record<A>(args as never).map((drawn) => ({
    text: `${name} ${JSON.stringify(drawn)}`,
    toString: () => `${name} ${JSON.stringify(drawn)}`,
    perform: (realm, remembered) => perform(realm, drawn as A, remembered),
  }));
}

/** One of the few names that a run uses, so that they meet. */
export const few = (...names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);

/** Some of a few names, each once. */
export const some = (...names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(few(...names), { maxLength: names.length });

/** Counts back from what was remembered last. */
export const back: fc.Arbitrary<number> = fc.nat(3);

/** What was remembered so many answers ago; the earliest when there are not so many. */
export function ago<T>(list: readonly T[], steps: number): T | undefined {
  return list[Math.max(0, list.length - 1 - steps)];
}

let made = 0;

/** A name that was not used before, in this process. */
export const fresh = (): string => `fresh${++made}`;
