import type { LiveError } from "@livecache/wire";

/** A promise, and how it is settled. */
export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: LiveError) => void;
}

/** A promise to be settled from outside; nobody has to wait for it. */
export function defer(): Deferred {
  let resolve!: () => void;
  let reject!: (error: LiveError) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
