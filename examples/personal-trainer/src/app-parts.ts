import type { Database } from "./database/database.ts";
import type { TrainerLive } from "./live.ts";
import type { Meter } from "./meter.ts";
import type { Reader } from "./reader.ts";
import type { Readings } from "./readings.ts";
import type { Sessions } from "./session.ts";

/** What the routes work with. */
export interface AppParts {
  readonly db: Database;
  readonly live: TrainerLive;
  readonly sessions: Sessions;
  readonly meter: Meter;
  readonly readings: Readings;
  readonly reader: Reader;
  /** Sends somebody the code for a new password. */
  readonly mail: (email: string, code: string) => void;
}
