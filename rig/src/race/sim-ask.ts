import { defineContract } from "livecache";
import type { Live, Position } from "livecache";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;
/** What the nodes of a simulation publish. */
export const contract = defineContract({ channels: { "rows/:row": { events: { moved: anything } } } });
/** One node. */
export type SimLive = Live<typeof contract>;

/** The values under test, and the rows that each is made from. The last one is also set. */
export const VALUES = {
  "row:1": ["1"],
  "list:all": ["1", "2"],
  "list:second": ["2"],
  "slot:s": ["s"],
} as const;
export type ValueKey = keyof typeof VALUES;
export const KEYS = Object.keys(VALUES) as ValueKey[];

/** A value: the versions of the rows it was made from, and its number. */
export interface SimValue {
  readonly id: number;
  readonly versions: Readonly<Record<string, number>>;
}

type Request = Parameters<SimLive["door"]["cache"]["resolve"]>[0];
/** A read of one node. */
export interface SimRequest extends Omit<Request, "codec" | "load"> {
  readonly codec: { encode(value: SimValue): Uint8Array; decode(bytes: Uint8Array): SimValue };
  readonly load: (context: { readonly isBackground: boolean }) => Promise<SimLoaded>;
}
/** What a load comes to. */
export type SimLoaded =
  | {
      readonly store: true;
      readonly value: SimValue;
      readonly ttlMs: number;
      readonly tags: readonly string[];
    }
  | { readonly store: false; readonly isPrivate: false; readonly value: SimValue }
  | {
      readonly store: false;
      readonly isPrivate: true;
      readonly isLasting: boolean;
      readonly value: SimValue;
    };

/** What a reader gets. */
export interface SimAnswer {
  readonly value: SimValue;
  readonly source: string;
  readonly reason: string;
  readonly position: Position | undefined;
}

/** How a reader asks: a peek into memory first, as the public cache does it, or not. */
export type AskOf = (request: SimRequest, how: "peek" | "resolve" | "find") => Promise<SimAnswer | undefined>;

/** The readers of a node. */
export function askOf({ door: { cache } }: Pick<SimLive, "door">): AskOf {
  return async (request, how) => {
    const { key, fence, freshness } = request;
    const hit = how === "resolve" ? undefined : cache.peek<SimValue>(key, fence, freshness?.refreshAt);
    if (hit) return { value: hit.value, source: "near", reason: "hit-near", position: hit.position };
    if (how === "find") return cache.find<SimValue>({ key, fence, codec: request.codec });
    return cache.resolve<SimValue>(request);
  };
}

/** What `cache.set` stores can be read with it. */
export const codec: SimRequest["codec"] = {
  encode: (value) => Buffer.from(`\u0001${JSON.stringify(value)}`),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString("utf8", 1)) as SimValue,
};
