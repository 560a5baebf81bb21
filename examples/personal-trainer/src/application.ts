import { openNode } from "example-kit/application";
import type { Application, ApplicationNode } from "example-kit/application";
import { readSecret } from "example-kit/secret";
import type { Settings as SharedSettings } from "example-kit/settings";
import { createApp } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { openDatabase } from "./database/open.ts";
import { OFFERED_PEOPLE } from "./demo-people.ts";
import { life } from "./life.ts";
import { openLive } from "./live.ts";
import { createMeter } from "./meter.ts";
import { createReader } from "./reader.ts";
import { createReadings } from "./readings.ts";
import { createSessions } from "./session.ts";

export interface Settings extends SharedSettings {
  /** Sends the code for a new password. Default: writes it to the log, for there is no mail here. */
  readonly mail?: AppParts["mail"];
}

/** The personal trainer's application. */
export const application = {
  name: "trainer",
  title: "Personal Trainer",
  words: "Members log what they lift, trainers see it as it happens and answer.",
  people: OFFERED_PEOPLE,
  open,
  life,
} satisfies Application;

async function open(settings: Settings): Promise<ApplicationNode> {
  const { redisUrl, mail = writeDown } = settings;
  const secret = await readSecret(settings.secret, settings.dataDir);
  const { db, close } = await openDatabase(settings);
  const sessions = createSessions(secret);
  const readings = createReadings(db);
  const live = await openLive({ redisUrl, secret, sessions, readings });
  const meter = createMeter();
  const reader = createReader(live, meter);
  return openNode({
    live,
    handler: createApp({ db, live, sessions, meter, readings, reader, mail }),
    closeAfter: [close],
  });
}

function writeDown(email: string, code: string): void {
  console.log(`mail to ${email}: your code for a new password is ${code}`);
}
