import type { Position } from "@livecache/wire";

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
  /** Whether it is not known how to make the response of this key. */
  wants(key: string): boolean;
  offer(key: string, render: Render): void;
  renderOf(key: string): Render | undefined;
  /** This way of making the response has failed: the next one that is offered is taken. */
  drop(key: string): void;
  readonly reader: BodyReader;
}

/** Most responses of which a node remembers how to make them: each holds on to a request. */
const MAX_RENDERS = 2_000;

const NO_READER: BodyReader = { peek: () => undefined, find: async () => undefined };

/** Makes sources that know nothing yet. What was not used for longest is forgotten first. */
export function createPushSources(): PushSources {
  const renders = new Map<string, Render>();
  let reader = NO_READER;
  return {
    connect(given) {
      reader = given;
    },
    wants: (key) => !renders.has(key),
    offer(key, render) {
      if (renders.size >= MAX_RENDERS) renders.delete(renders.keys().next().value!);
      renders.set(key, render);
    },
    renderOf(key) {
      const render = renders.get(key);
      if (!render) return undefined;
      renders.delete(key);
      renders.set(key, render);
      return render;
    },
    drop(key) {
      renders.delete(key);
    },
    get reader() {
      return reader;
    },
  };
}
