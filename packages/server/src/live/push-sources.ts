import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";

/** A response that may be pushed: complete, JSON, and small enough. */
export interface PushableBody {
  readonly bytes: Uint8Array;
  /** Entity tag, without a mark for compression. */
  readonly etag: string;
  /** Declared tags. */
  readonly tags: readonly string[];
  readonly position: Position;
}

/** Reads what is stored under a key, and makes nothing. */
export interface BodyReader {
  /** From this node's memory, at once. */
  peek(key: string): PushableBody | undefined;
  /** From memory or the ground. Rejects as the ground does. */
  find(key: string, fence: Position): Promise<PushableBody | undefined>;
}

/**
 * Answers what a response is now, at least as new as `fence`: stored by whichever node was first, or else made by running its route
 * again. `undefined` when it cannot be pushed. Rejects when the route or the ground fails.
 */
export type Render = (fence: Position) => Promise<PushableBody | undefined>;

/** How this node gets hold of responses that are pushed. Doors fill it. */
export interface PushSources {
  connect(reader: BodyReader): void;
  /** Whether a way of making the response of this key is welcome: there is none, it is ageing, or it is somebody's and this one is nobody's. */
  wants(key: string, isPersonal: boolean): boolean;
  /** `isPersonal`: it uses somebody's credentials, and so is used for 10 minutes only. */
  offer(key: string, render: Render, isPersonal: boolean): void;
  renderOf(key: string): Render | undefined;
  /** This way of making the response has failed: the next one that is offered is taken. */
  drop(key: string): void;
  readonly reader: BodyReader;
}

/** Most responses of which a node remembers how to make them: each holds on to a request. */
const MAX_RENDERS = 2_000;

/** How long somebody's credentials are used, and when others are welcome: nobody's session is to be kept up by what others do. */
const PERSONAL_FOR_MS = 600_000;
const AGEING_AFTER_MS = PERSONAL_FOR_MS / 2;

/** A way of making a response. */
interface Offered {
  readonly render: Render;
  readonly isPersonal: boolean;
  readonly offeredAtMs: number;
}

const NO_READER: BodyReader = { peek: () => undefined, find: async () => undefined };

/** Makes sources that know nothing yet. What was not used for longest is forgotten first. */
export function createPushSources(clock: Clock): PushSources {
  const offers = new Map<string, Offered>();
  let reader = NO_READER;

  function isOlder({ isPersonal, offeredAtMs }: Offered, ms: number): boolean {
    return isPersonal && clock.now() - offeredAtMs >= ms;
  }

  return {
    connect(given) {
      reader = given;
    },
    wants(key, isPersonal) {
      const present = offers.get(key);
      return !present || isOlder(present, AGEING_AFTER_MS) || (present.isPersonal && !isPersonal);
    },
    offer(key, render, isPersonal) {
      offers.delete(key);
      if (offers.size >= MAX_RENDERS) offers.delete(offers.keys().next().value!);
      offers.set(key, { render, isPersonal, offeredAtMs: clock.now() });
    },
    renderOf(key) {
      const present = offers.get(key);
      if (!present) return undefined;
      offers.delete(key);
      if (isOlder(present, PERSONAL_FOR_MS)) return undefined;
      offers.set(key, present);
      return present.render;
    },
    drop(key) {
      offers.delete(key);
    },
    get reader() {
      return reader;
    },
  };
}
