import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "@livecache/rig";
import express from "express";
import { createLive, createMemoryGround } from "livecache";
import type { Ground, LiveOptions } from "livecache";
import { cached, liveRoutes } from "livecache/express";
import { operations } from "livecache/operations";
import type { AuditLine } from "livecache/operations";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import { onTestFinished } from "vitest";
import { runCommand } from "./run-command.ts";
import type { Ran, Surroundings } from "./run-command.ts";

const SECRET = "vK8zq0Hn3sT1yXw7Rb5mLc9Jd2Fg6PaE";
const TOKEN = "an-operators-token";
const CONTRACT = { channels: { "hostel/:id": { events: {} } } };

/** How a site differs from the usual one. */
export interface SiteOptions {
  readonly ground?: Ground;
  readonly live?: Partial<LiveOptions<any, any>>;
  readonly isOpen?: boolean;
  readonly before?: (app: ReturnType<typeof express>) => void;
  readonly transports?: ("websocket" | "polling")[];
  readonly origins?: readonly string[];
}

/** A node of an application whose operations ask for a token; it ends with the test. */
export async function openSite(options: SiteOptions = {}) {
  const audited: AuditLine[] = [];
  const live = createLive<any, any>({
    ...{ ground: options.ground ?? createMemoryGround(), contract: CONTRACT, secret: SECRET },
    authorize: { "hostel/:id": () => true },
    identify: ({ auth }: any) =>
      typeof auth?.["user"] === "string" ? { userId: auth["user"], roles: [] } : undefined,
    ...options.live,
  });
  const app = express();
  options.before?.(app);
  const guard = (req: { headers: Record<string, unknown> }) => {
    if (options.isOpen || req.headers["authorization"] === `Bearer ${TOKEN}`)
      return { name: "Ada", role: "act" } as const;
    return req.headers["authorization"] === "Bearer looks-only"
      ? ({ name: "Otto", role: "read" } as const)
      : undefined;
  };
  app.use("/ops", operations(live, { guard, values: true, onAudit: (line) => void audited.push(line) }));
  app.use(liveRoutes(live));
  app.get("/issues", cached(live, { ttl: "1m", tags: ["hostel:7"] }), (_req, res) => void res.json({ n: 1 }));
  const http = createServer(app);
  const io = new Server(http, { transports: options.transports ?? ["websocket"] });
  attach(live, io, options.origins ? { origins: options.origins } : {});
  await new Promise<void>((resolve) => void http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    await io.close();
    await live.close();
  });
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", withinMs: 5_000 });

  /** Runs a command against this site, with the token of an operator. */
  function cli(argv: readonly string[], around: Surroundings = {}): Promise<Ran> {
    return runCommand(argv, {
      ...around,
      env: { LIVECACHE_URL: `${url}/ops`, LIVECACHE_TOKEN: TOKEN, ...around.env },
    });
  }

  /** A socket of somebody, in a channel, that watches a response. */
  async function connect(user: string) {
    const socket = connectTo(url, {
      transports: ["websocket"],
      auth: { user },
      forceNew: true,
      reconnection: false,
    });
    onTestFinished(() => void socket.close());
    await socket.emitWithAck("join", { channel: "hostel/7" });
    const response = await fetch(`${url}/issues`);
    await socket.emitWithAck("watch", { token: response.headers.get("live-query") });
    return socket;
  }

  return { live, url, audited, cli, connect };
}
