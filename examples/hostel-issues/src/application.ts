import { openNode } from "example-kit/application";
import type { Application, ApplicationNode } from "example-kit/application";
import { urlOf } from "example-kit/listen";
import { readSecret } from "example-kit/secret";
import { createApp } from "./app.ts";
import { openDatabase } from "./database/open.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { life } from "./life.ts";
import { openLive } from "./live.ts";
import { createSessions } from "./session.ts";
import type { Settings } from "./settings.ts";
import { createPageWarming } from "./warming.ts";

/** The hostel issue tracker, which also warms its caches where its settings say so. */
export const application = {
  name: "hostel",
  title: "Hostel Desk",
  words: "Students report what is broken, wardens mend it, management sees the whole.",
  people: DEMO_PEOPLE,
  open,
  life,
} satisfies Application;

async function open(settings: Settings): Promise<ApplicationNode> {
  const secret = await readSecret(settings.secret, settings.dataDir);
  const database = await openDatabase(settings);
  const sessions = createSessions(secret);
  const live = await openLive({ redisUrl: settings.redisUrl, secret, sessions });
  const { db } = database;
  const warming = createPageWarming({ db, live, sessions, url: () => urlOf(node.http) });
  const node = openNode({
    live,
    handler: createApp({ db, live, sessions, warming }),
    closeBefore: warming.stop,
    closeAfter: [database.close],
  });
  if (settings.warm) node.http.once("listening", warming.start);
  return node;
}
