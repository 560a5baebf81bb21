import type { City } from "./city/city.ts";
import type { Database } from "./database/database.ts";
import type { RoadLive } from "./live.ts";
import type { Sessions } from "./session.ts";

/** What the routes work with. */
export interface AppParts {
  readonly db: Database;
  readonly live: RoadLive;
  readonly sessions: Sessions;
  readonly city: City;
  readonly hasRedis: boolean;
}
