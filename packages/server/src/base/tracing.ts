import { LiveError } from "@livecache/wire";

/** A load of the cache that is about to begin. */
export interface TracedLoad {
  /** The key's pattern, never the key. */
  readonly pattern: string;
  /** Whether nobody waits for it. */
  readonly isBackground: boolean;
}

/** A change that is about to be made. */
export interface TracedChange {
  readonly changeId: string;
  readonly tags: number;
  readonly events: number;
}

/** Follows the work of a node in a tracing system. Both run `work` exactly once, at once, and end as it does. */
export interface WorkTracer {
  load<T>(what: TracedLoad, work: () => Promise<T>): Promise<T>;
  /** `work` is given the W3C `traceparent` that goes with the change to every node. */
  change<T extends { readonly scope: string }>(
    what: TracedChange,
    work: (traceparent: string | undefined) => Promise<T>,
  ): Promise<T>;
}

/** What follows the work of one node, if anything does. */
export interface Tracing {
  /** Nothing does most of the time, and then it costs one look. */
  readonly tracer: WorkTracer | undefined;
  /**
   * Has the work followed from now on; the answer ends that.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` while something else follows it
   */
  use(tracer: WorkTracer): () => void;
}

/** Makes the place for one tracer. */
export function createTracing(): Tracing {
  let used: WorkTracer | undefined;
  return {
    get tracer() {
      return used;
    },
    use(tracer) {
      if (used) {
        throw new LiveError(
          "LIVE_OPTIONS_INVALID",
          "bridgeOpenTelemetry: this node is bridged already, and each span would be made twice. Close the first bridge.",
        );
      }
      used = tracer;
      return () => {
        if (used === tracer) used = undefined;
      };
    },
  };
}
