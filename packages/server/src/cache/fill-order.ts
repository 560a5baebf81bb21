import type { AwayMemory } from "./away.ts";
import type { FarParts, Miss } from "./far.ts";
import type { Flights } from "./flight.ts";
import type { Pauses } from "./pauses.ts";
import type { ResolveRequest } from "./request.ts";

/** What filling needs from its surroundings. */
export interface FillParts extends FarParts {
  readonly away: AwayMemory;
  readonly flights: Flights;
  /** Keys whose values nobody may share: their readers do not wait for each other. */
  readonly loners: Pauses;
  /** Aborted when the instance closes. */
  readonly signal: AbortSignal;
  /** How long a right to load lasts that nobody extends. */
  readonly loadLeaseMs: number;
  /** How long it is held at most while its holder loads. */
  readonly maxLoadHeldMs: number;
  readonly maxEntryBytes: number;
}

/** What is to be loaded, why, and for whom. */
export interface FillOrder<T> {
  readonly request: ResolveRequest<T>;
  readonly miss: Miss<T>;
  /** Nobody's own answer depends on this load: who leads it has a stale value to fall back on. */
  readonly isBackground: boolean;
  /** Whether to wait while another node loads. */
  readonly waits: boolean;
}
