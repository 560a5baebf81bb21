import { createServer } from "node:http";
import { readSecret } from "example-kit/secret";
import type { Settings } from "example-kit/settings";
import { runServer } from "example-kit/run-server";
import type { RedisAct, RedisAnswer } from "../answers.ts";
import { readExhibits } from "../exhibits.ts";
import type { Exhibit } from "../exhibits.ts";
import { serveTarget } from "../front/target.ts";
import { openHouse } from "../house.ts";
import type { OpenHouse } from "../house.ts";
import type { Housed } from "../housed.ts";
import { listenNear } from "../listen-near.ts";
import { folderOf, readSettings } from "../settings.ts";
import type { Controls } from "../stage/controls.ts";
import type { Stage } from "../stage/stage.ts";
import { createBalancer, visitorOf } from "./balancer.ts";
import type { BackstageAsk, BackstageTold } from "./backstage.ts";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { createNodes } from "./nodes.ts";
import type { Nodes } from "./nodes.ts";

const NODES = 3;
const BACKSTAGE = new URL("./backstage.js", import.meta.url);

type Ready = BackstageTold & { kind: "ready" };

/** Three processes of all applications, a Redis and a database for each, which they share. */
async function openCluster(settings: Settings, stage: Stage, onChange: () => void): Promise<OpenHouse> {
  const backstage = startChild<BackstageTold>({ main: BACKSTAGE, env: {}, onTold: () => undefined });
  const closing: (() => Promise<unknown>)[] = [backstage.stop];
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    const { redisUrl = settings.redisUrl, databases } = await readyOf(backstage);
    const secret = await readSecret(settings.secret, folderOf(settings.dataDir, "cluster"));
    const env = { REDIS_URL: redisUrl, DATABASES: JSON.stringify(databases), LIVE_SECRET: secret };
    const nodes = createNodes({ count: NODES, env, stage, onChange });
    closing.push(nodes.close);
    // The first fills the databases. Its transactions take a while, and an embedded database has one session: the others would wait too long.
    const [first, ...others] = nodes.list();
    await nodes.start(first!.name);
    await Promise.all(others.map(({ name }) => nodes.start(name)));
    const housed: Housed[] = [];
    for (const [index, exhibit] of readExhibits(process.env).entries()) {
      const port = settings.port === 0 ? 0 : settings.port + 1 + index;
      housed.push(await house(exhibit, { nodes, port, closing }));
    }
    return { housed, controls: controlsOf({ settings, backstage, nodes, redisUrl }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readyOf(backstage: Child<BackstageTold>): Promise<Ready> {
  const told = await backstage.next(
    (one): one is Exclude<BackstageTold, { kind: "acted" }> => one.kind !== "acted",
  );
  if (told.kind === "failed") throw new Error(told.why);
  return told;
}

interface HouseParts {
  readonly nodes: Nodes;
  readonly port: number;
  readonly closing: (() => Promise<unknown>)[];
}

/** One application of all nodes: behind the front, and behind a port of its own. */
async function house(exhibit: Exhibit, { nodes, port, closing }: HouseParts): Promise<Housed> {
  const { name } = exhibit;
  const failure = nodes.failureOf(name);
  if (failure !== undefined) return { exhibit, failure };
  const application = await exhibit.load();
  const target = createBalancer({
    upstreams: () => nodes.upstreams(name, "port"),
    visitorOf: visitorOf(name),
    onSocket: nodes.noteSocket,
  });
  const http = serveTarget(createServer(), target);
  const own = await listenNear(http, port);
  closing.push(async () => {
    http.close();
    http.closeAllConnections();
  });
  const console = createBalancer({ upstreams: () => nodes.upstreams(name, "consolePort") });
  return { exhibit, running: { application, port: own, url: `http://localhost:${own}`, target, console } };
}

interface ControlParts {
  readonly settings: Settings;
  readonly backstage: Child<BackstageTold>;
  readonly nodes: Nodes;
  readonly redisUrl: string | undefined;
}

function controlsOf({ settings, backstage, nodes, redisUrl }: ControlParts): Controls {
  const ours = settings.redisUrl
    ? ({ kind: "given" } as const)
    : ({ kind: "own", port: Number(new URL(redisUrl!).port) } as const);
  let state: RedisAnswer["state"] = "running";
  let lastId = 0;
  return {
    get redis(): RedisAnswer {
      return { ...ours, state };
    },
    nodes: nodes.list,
    async actOnRedis(act) {
      lastId += 1;
      const id = lastId;
      const acted = backstage.next(
        (told): told is BackstageTold & { kind: "acted" } => told.kind === "acted" && told.id === id,
      );
      backstage.send({ id, act } satisfies BackstageAsk);
      const { why } = await acted;
      if (why !== undefined) throw new Error(why);
      state = AFTER[act];
    },
    actOnNode: (name, act) => nodes[act](name),
  };
}

const AFTER: Readonly<Record<RedisAct, RedisAnswer["state"]>> = {
  stop: "stopped",
  start: "running",
  freeze: "frozen",
  thaw: "running",
};

runServer(async () => {
  const settings = readSettings(process.env);
  return openHouse({
    mode: "cluster",
    port: settings.port,
    open: (stage, onChange) => openCluster(settings, stage, onChange),
  });
});
