import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Fence } from "./fence.ts";
import type { Http } from "./http.ts";
import type { Outbox } from "./outbox.ts";
import type { Timing } from "./timing.ts";

/** What everything in one client works with. */
export interface ClientParts {
  readonly connection: Connection;
  readonly http: Http;
  readonly fence: Fence;
  readonly outbox: Outbox | undefined;
  readonly clock: Clock;
  readonly timing: Timing;
}
