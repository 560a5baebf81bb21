import { openNode } from "example-kit/application";
import type { Application, ApplicationNode } from "example-kit/application";
import { urlOf } from "example-kit/listen";
import { readSecret } from "example-kit/secret";
import type { Settings } from "example-kit/settings";
import { createApp } from "./app.ts";
import { openDatabase } from "./database/open.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { life } from "./life.ts";
import { openLive } from "./live.ts";
import { sessionCookie } from "./session.ts";
import { createPageWarming } from "./warming.ts";

/** The inspection of an automobile supplier's lines: audits, and those who answer for them. */
export const application = {
  name: "parts",
  title: "Line Check",
  words: "Inspectors audit machines on the lines, administrators see every finding as it comes in.",
  people: DEMO_PEOPLE,
  open,
  life,
} satisfies Application;

async function open(settings: Settings): Promise<ApplicationNode> {
  const secret = await readSecret(settings.secret, settings.dataDir);
  const database = await openDatabase(settings);
  const { db } = database;
  const cookie = sessionCookie(secret);
  const { live, warmingPass } = await openLive({ redisUrl: settings.redisUrl, secret, cookie, db });
  const warming = createPageWarming({ db, live, pass: warmingPass, url: () => urlOf(node.http) });
  const node = openNode({
    live,
    handler: createApp({ db, live, cookie, warming }),
    closeBefore: warming.stop,
    closeAfter: [database.close],
  });
  return node;
}
