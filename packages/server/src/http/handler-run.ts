import type { StoreCause } from "./causes.ts";
import type { ResponseHead } from "./storable.ts";

/** How long others wait for a handler. One that takes longer answers its own client all the same, but nobody else. */
export const HANDLER_LIMIT_MS = 10_000;

/** Headers that are added to whatever stands on a response. */
export type Marks = readonly (readonly [name: string, value: string])[];

/** What a door is told when it is to run the rest of a route. */
export interface RunOrder {
  /** Largest body that is held back. */
  readonly maxBytes: number;
  /** Whether a complete response with this status is held back; every other one is released. */
  mayHold(status: number): boolean;
  /** What a response that is released says about itself. Asked at that moment, while headers can still be set. */
  marksOf(cause: StoreCause): Marks;
}

/** A whole response that the door holds back: nothing of it has been sent. */
export interface HeldRun {
  readonly type: "held";
  readonly head: ResponseHead;
  readonly body: Uint8Array;
  /** What the route's `tags` say of it. */
  readonly tags: readonly string[];
}

/** What running the rest of a route came to. */
export type HandlerRun =
  | HeldRun
  /** Any other response: it is on its way to the client, or, of a rerun, dropped. `status` as far as it is known. */
  | { readonly type: "released"; readonly cause: StoreCause; readonly status: number }
  /** A response, held back, of which the route's `tags` could not say what it depends on. */
  | { readonly type: "failed"; readonly error: unknown };
