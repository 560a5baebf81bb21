import { openNode } from "example-kit/application";
import type { Application, ApplicationNode } from "example-kit/application";
import { readSecret } from "example-kit/secret";
import type { Settings } from "example-kit/settings";
import { createApp } from "./app.ts";
import { createCity } from "./city/city.ts";
import { openDatabase } from "./database/open.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { life } from "./life.ts";
import { openLive } from "./live.ts";
import { tellRegionCounts } from "./region-counts.ts";
import { createSessions } from "./session.ts";

/** The road quality map. */
export const application = {
  name: "roads",
  title: "Road Watch",
  words: "Phones in cars feel how the roads are; a map shows it while they drive.",
  people: DEMO_PEOPLE,
  open,
  life,
} satisfies Application;

async function open(settings: Settings): Promise<ApplicationNode> {
  const secret = await readSecret(settings.secret, settings.dataDir);
  const city = createCity();
  const { db, close } = await openDatabase(settings, city);
  const sessions = createSessions(secret);
  const live = await openLive({ redisUrl: settings.redisUrl, secret, sessions });
  const stop = tellRegionCounts(live);
  return openNode({
    live,
    handler: createApp({ db, live, sessions, city, hasRedis: settings.redisUrl !== undefined }),
    closeBefore: async () => stop(),
    closeAfter: [close],
  });
}
