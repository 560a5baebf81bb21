import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createConsole } from "@livecache/console";
import { openRawSocket, until } from "@livecache/rig";
import express from "express";
import { createLive, defineLimit } from "livecache";
import type { Ground } from "livecache";
import { cached, liveRoutes } from "livecache/express";
import type { Operator } from "livecache/operations";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";

const SECRET = "c4f1d0a97be28365e1f0c4d97ab26835";
const CONTRACT = {
  channels: {
    "hostel/:id": { events: { created: anything() }, presence: true },
    "region/:cell": { events: {} },
  },
  regions: { channel: "region/:cell", precision: 5 },
} as const;
const REPORTS = defineLimit({ name: "reports", limit: 3, window: "1m" });

const OPERATORS: Readonly<Record<string, Operator>> = {
  ada: { name: "Ada Lovelace", role: "act" },
  otto: { name: "Otto Hahn", role: "read" },
};

function anything() {
  return { "~standard": { version: 1 as const, vendor: "test", validate: (value: unknown) => ({ value }) } };
}

/** A node of a small application, with the console mounted at `/ops/livecache`. Operators name themselves in a cookie. */
export async function openNode(ground: Ground, { values = true } = {}) {
  const live = createLive({
    ...{ ground, contract: CONTRACT, secret: SECRET },
    authorize: { "hostel/:id": () => true, "region/:cell": () => true },
    identify: ({ auth }) =>
      typeof auth?.["user"] === "string" ? { userId: auth["user"], roles: [] } : undefined,
  });
  const app = express();
  app.use(
    "/ops/livecache",
    createConsole(live, {
      guard: (req: express.Request) => OPERATORS[/operator=(\w+)/.exec(req.headers.cookie ?? "")?.[1] ?? ""],
      title: "Hostel Desk",
      others: [{ title: "Road quality", href: "/roads/livecache/" }],
      signIn: "/sign-in",
      values,
      onAudit: () => undefined,
    }),
  );
  app.use(liveRoutes(live));
  const load = cached(live, { ttl: "5m", tags: (req) => [`hostel:${String(req.params["id"])}`] });
  app.get("/hostels/:id/issues", load, (req, res) => void res.json({ of: req.params["id"], issues: [1, 2] }));
  const http = createServer(app);
  const io = new Server(http, { transports: ["websocket"] });
  attach(live, io);
  await new Promise<void>((resolve) => void http.listen(0, resolve));
  const url = `http://localhost:${(http.address() as AddressInfo).port}`;
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", withinMs: 5_000 });
  return {
    live,
    url,
    console: `${url}/ops/livecache/`,
    async close() {
      await io.close();
      await live.close();
    },
  };
}

/** A node that {@link openNode} has opened. */
export type SiteNode = Awaited<ReturnType<typeof openNode>>;

/** A page of somebody: in the channel of a hostel, on the map, and watching its issues. */
async function openPerson(node: SiteNode, user: string, hostel: number) {
  const socket = await openRawSocket(node.url, { auth: { user } });
  let asked = 0;
  async function ask(frame: string, body: unknown): Promise<void> {
    const id = ++asked;
    socket.send(`42${id}${JSON.stringify([frame, body])}`);
    await until(() => socket.texts.some((text) => text.startsWith(`43${id}[`)), {
      what: `${frame} is answered`,
      withinMs: 5_000,
    });
  }
  async function watch(): Promise<void> {
    const response = await fetch(`${node.url}/hostels/${hostel}/issues`);
    await response.text();
    await ask("watch", { token: response.headers.get("live-query") });
  }
  await until(() => socket.texts.some((text) => text.startsWith("40")), {
    what: "connected",
    withinMs: 5_000,
  });
  await ask("join", { channel: `hostel/${hostel}` });
  await ask("locate", { latitude: 52.3 + (hostel % 7) * 0.11, longitude: 13 + (user.length % 5) * 0.2 });
  await watch();
  return { user, hostel, ask, watch, close: socket.destroy };
}

/** A write, as the application makes it: issues of a hostel change, and whoever is in its channel is told. */
export async function report(node: SiteNode, hostel: number) {
  const { live } = node;
  return live.change({
    tags: [`hostel:${hostel}`],
    emit: [live.event("hostel/:id", { id: String(hostel) }, "created", { text: "No hot water" })],
    wait: "applied",
  });
}

/** Some people, sessions, reads and refusals, so that every page has something to show. */
export async function makeLife(nodes: readonly [SiteNode, SiteNode]) {
  const [a, b] = nodes;
  const names = ["mei", "thomas", "asha", "grace", "elena", "samuel"];
  const people = await Promise.all(
    names.map((name, index) => openPerson(nodes[index % 2]!, name, 1 + (index % 3))),
  );
  for (const name of names) {
    const session = { userId: name, data: {}, idleMs: 86_400_000 };
    await a.live.sessions.create(`session-of-${name}-0123456789`, session);
  }
  for (let hostel = 1; hostel <= 12; hostel++) {
    for (const node of nodes) await fetch(`${node.url}/hostels/${hostel}/issues`);
    const name = (): string => `Hostel ${hostel}`;
    for (const { live } of nodes) {
      const options = { ttl: "5m", tags: [`hostel:${hostel}`] } as const;
      for (let reads = 0; reads < 40; reads++)
        await live.cache.getOrSet(`hostel:${hostel}:name`, name, options);
    }
  }
  const failing = (): never => {
    throw new Error("the database is away");
  };
  await b.live.cache.getOrSet("weather:today", failing, { ttl: "1m" }).catch(() => undefined);
  for (let takes = 0; takes < 5; takes++)
    await b.live.limits.take({ policy: REPORTS, subject: "user thomas" });
  await people[1]!.ask("join", { channel: "nowhere/7" });
  return people;
}
