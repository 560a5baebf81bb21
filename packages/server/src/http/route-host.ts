import type { IncomingMessage } from "node:http";
import type { Position } from "@livecache/wire";
import type { Identity } from "../base/identity.ts";
import type { Headers } from "./field-list.ts";
import type { HandlerRun, HeldRun, Marks, RunOrder } from "./handler-run.ts";
import type { PlainRequest } from "./plan.ts";
import type { Reply } from "./reply.ts";

/** What the core asks of a framework's door, for one request on a cached route. */
export interface RouteHost {
  readonly request: PlainRequest;
  /** The position that the answer must be at least as new as. */
  readonly fence: Position | undefined;
  /** Node's own request, where there is one: a fast lane repeats such requests. */
  readonly incoming?: IncomingMessage | undefined;
  /** Whether another cached route is running its handler for this request already. */
  readonly isNested: boolean;
  /** Who is asking. Called once at most; rejects with `LIVE_IDENTITY_FAILED`. Runs in the request's scope. */
  identity(): Promise<Identity | undefined>;
  /** Headers that stand on the response already, by lower-case name. */
  standing(): Headers;
  /**
   * Runs the rest of the route in the request's scope, as if a plain GET without conditions had come in, and holds its response
   * back. Never rejects: errors of the handler go to the framework's error handling. Called once at most.
   */
  run(order: RunOrder): Promise<HandlerRun>;
  /**
   * Runs the route once more, as a request of its own whose response goes to nobody. The response counts only if the request comes
   * to the same cached route under `key`. Rejects when it came to nothing. Absent where the framework cannot do it. Read before the request may end.
   */
  rerun?: ((order: RunOrder & { readonly key: string }) => Promise<HandlerRun>) | undefined;
  /** Adds `marks` and lets the request go on to its handler as if there were no cache. */
  bypass(marks: Marks): void | Promise<void>;
  /** Writes the answer over the standing headers. `run`: what this request holds back, and is not sent. */
  send(reply: Reply, run: HeldRun | undefined): void | Promise<void>;
  /** Gives the held response up, unsent: whoever writes next, such as error handling, writes to the client. */
  reopen(): void;
}
