import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "@livecache/rig";
import express from "express";
import { createLive } from "livecache";
import type { Ground } from "livecache";
import { cached, liveRoutes } from "livecache/express";
import { operations } from "livecache/operations";
import type { AuditLine, Operator } from "livecache/operations";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import { onTestFinished } from "vitest";

const SECRET = "0123456789abcdef0123456789abcdef";
const CONTRACT = {
  channels: { "hostel/:id": { events: {}, presence: true }, "region/:cell": { events: {} } },
  regions: { channel: "region/:cell", precision: 5 },
} as const;
const OPERATORS: Readonly<Record<string, Operator>> = {
  ada: { name: "Ada", role: "act" },
  otto: { name: "Otto", role: "read" },
};

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A node of an application with its operations mounted; it ends with the test. */
export async function openNode(ground: Ground) {
  const audited: AuditLine[] = [];
  const live = createLive({
    ...{
      ground,
      contract: CONTRACT,
      secret: SECRET,
      authorize: { "hostel/:id": () => true, "region/:cell": () => true },
    },
    identify({ auth }) {
      if (auth?.["user"] === "nobody-knows") throw new Error("the directory does not answer");
      return typeof auth?.["user"] === "string" ? { userId: auth["user"], roles: [] } : undefined;
    },
  });
  const app = express();
  const guard = (req: { headers: Record<string, unknown> }): Operator | undefined =>
    OPERATORS[String(req.headers["x-operator"])];
  app.use("/ops", operations(live, { guard, values: true, onAudit: (line) => void audited.push(line) }));
  app.use(liveRoutes(live));
  app.get("/issues", cached(live, { ttl: "1m", tags: ["hostel:7"] }), (_req, res) => void res.json({ n: 1 }));
  const http = createServer(app);
  const io = new Server(http, { transports: ["websocket"] });
  attach(live, io);
  await new Promise<void>((resolve) => void http.listen(0, resolve));
  const url = `http://localhost:${(http.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    await io.close();
    await live.close();
  });
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", withinMs: 5_000 });

  async function ask(what: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const [method, path] = what.split(" ");
    const response = await fetch(`${url}/ops/${path}`, {
      method: method!,
      headers: { "x-operator": "ada", "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
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
    const frames: unknown[][] = [];
    socket.onAny((...frame: unknown[]) => void frames.push(frame));
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", () => reject(new Error("refused")));
    });
    await socket.emitWithAck("join", { channel: "hostel/7" });
    const response = await fetch(`${url}/issues`);
    await socket.emitWithAck("watch", { token: response.headers.get("live-query") });
    return { socket, frames };
  }

  return { live, url, audited, ask, connect };
}

export type Node = Awaited<ReturnType<typeof openNode>>;
