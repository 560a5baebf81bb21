import type { IncomingMessage } from "node:http";
import type { Identity } from "../base/identity.ts";
import type { CachedRoute } from "./cached-options.ts";
import type { Headers } from "./field-list.ts";

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
