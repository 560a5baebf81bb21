import { runServer } from "example-kit/run-server";
import type { Settings } from "example-kit/settings";
import { readExhibits } from "./exhibits.ts";
import { inProcess } from "./front/target.ts";
import { openHouse } from "./house.ts";
import type { OpenHouse } from "./house.ts";
import type { Housed } from "./housed.ts";
import { listenNear } from "./listen-near.ts";
import { closeApplications, openApplications } from "./open-applications.ts";
import type { OpenedApplication } from "./open-applications.ts";
import { readSettings, settingsFor } from "./settings.ts";
import type { Stage } from "./stage/stage.ts";
import { watchGround } from "./stage/watch-ground.ts";

const NODE = "This process";

/** The whole showcase in one process. Without `REDIS_URL` it works on its own memory. */
async function openAlone(settings: Settings, stage: Stage): Promise<OpenHouse> {
  const opened = await openApplications(readExhibits(process.env), (name) => settingsFor(settings, name));
  // One after the other: each has the port after that of the one before.
  const housed: Housed[] = [];
  for (const [index, one] of opened.entries()) housed.push(await house(one, portAt(settings, index)));
  if (settings.redisUrl) {
    for (const { node, exhibit } of opened) {
      if (node)
        watchGround(node.live, (isHere) =>
          stage.grounds.report({ node: NODE, application: exhibit.name, isHere, at: Date.now() }),
        );
    }
  }
  return {
    housed,
    controls: {
      redis: { kind: settings.redisUrl ? "given" : "none", state: "running" },
      nodes: () => [{ name: NODE, state: "running", sockets: undefined, pid: process.pid }],
    },
    close: () => closeApplications(opened),
  };
}

async function house(opened: OpenedApplication, port: number): Promise<Housed> {
  const { exhibit } = opened;
  if (!opened.node) return { exhibit, failure: opened.failure };
  const { application, node } = opened;
  const own = await listenNear(node.http, port);
  const url = `http://localhost:${own}`;
  const target = inProcess(node.http);
  return { exhibit, running: { application, port: own, url, target, console: inProcess(opened.console) } };
}

/** The page has the port asked for, the applications those after it; with 0 all take what is free. */
function portAt({ port }: Settings, index: number): number {
  return port === 0 ? 0 : port + 1 + index;
}

runServer(async () => {
  const settings = readSettings(process.env);
  return openHouse({ mode: "alone", port: settings.port, open: (stage) => openAlone(settings, stage) });
});
