import { openNode } from "example-kit/application";
import type { Application, ApplicationNode } from "example-kit/application";
import { readSecret } from "example-kit/secret";
import type { Settings } from "example-kit/settings";
import { createApp } from "./app.ts";
import { openDatabase } from "./database/open.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { life } from "./life.ts";
import { openLive } from "./live.ts";
import { tellOfRedis } from "./redis-words.ts";
import { openThreads } from "./threads.ts";
import { createTokens } from "./tokens.ts";
import { createSchoolWarming } from "./warming.ts";

/** Two schools: six roles, six dashboards, and tokens that can be given back. */
export const application = {
  name: "school",
  title: "School Day",
  words: "Teachers take attendance and enter grades; parents, students and the office see it at once.",
  people: DEMO_PEOPLE,
  open,
  life,
} satisfies Application;

async function open(settings: Settings): Promise<ApplicationNode> {
  const { redisUrl } = settings;
  const secret = await readSecret(settings.secret, settings.dataDir);
  const database = await openDatabase(settings);
  const { db } = database;
  const tokens = createTokens(secret);
  const live = await openLive({ db, redisUrl, secret, tokens });
  tellOfRedis(live, redisUrl);
  const warming = createSchoolWarming(db, live);
  return openNode({
    live,
    handler: createApp({ db, live, tokens, warming, say: openThreads(db, live) }),
    closeBefore: warming.stop,
    closeAfter: [database.close],
  });
}
