import type { IncomingMessage } from "node:http";
import type { Identity } from "../base/identity.ts";
import type { Freshness } from "../cache/request.ts";
import type { Headers } from "./field-list.ts";
import type { KeyMemo } from "./key-memo.ts";
import type { LandingTurns } from "./landing-turns.ts";
import type { Outward } from "./outward-options.ts";

/** The options of a route, read once. */
export interface CachedRoute {
  readonly ttlMs: number;
  /** `undefined`: 404 and 410 are not stored. */
  readonly absentTtlMs: number | undefined;
  readonly version: number;
  readonly freshness: Freshness;
  readonly outward: Outward;
  readonly lane: Entrance | undefined;
  readonly keys: KeyMemo;
  readonly landings: LandingTurns;
  readonly isPublic: boolean;
  /** Whether what a response becomes is sent to those who watch it. */
  readonly push: boolean;
  readonly maxBytes: number;
  /** Identity fields that are part of the key. */
  readonly identityFields: readonly string[];
  /** Request headers that are part of the key, in lower case. */
  readonly keyHeaders: readonly string[];
  /** Every request header that the choice of response may depend on: goes into `Vary`. */
  readonly varyHeaders: readonly string[];
}

/** A request that the framework has let through to a cached route, and that was answered with status 200 or 304. */
export interface Served {
  readonly incoming: IncomingMessage;
  readonly route: CachedRoute;
  /** Key of the cached response, and digest of the identity fields that it varies by. */
  readonly key: string;
  readonly digest: string;
  readonly identity: Identity | undefined;
  /** Headers that stood on the response: those of the application's own middleware. */
  readonly standing: Headers;
}

/** Where a fast lane hears of what it may repeat. */
export interface Entrance {
  note(served: Served): void;
}
