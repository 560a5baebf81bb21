import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { liveErrors, liveRoutes } from "livecache/express";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { openLive } from "./live.ts";
import { partsRoutes } from "./parts.ts";
import { createPeople } from "./people.ts";
import { schoolRoutes } from "./school.ts";
import { trainerRoutes } from "./trainer.ts";
import type { TrainerParts } from "./trainer.ts";

export interface ServerSettings {
  readonly port: number;
  readonly redisUrl: string | undefined;
  /** Signs cookies and live queries: at least 32 characters, the same on every node. */
  readonly secret: string;
  /** Signs tokens; so long as well, and another one. */
  readonly tokenSecret: string;
  readonly mail: TrainerParts["mail"];
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one node of the example. */
export async function openServer(settings: ServerSettings): Promise<RunningServer> {
  const { port, redisUrl, secret, tokenSecret, mail } = settings;
  const people = createPeople();
  const cookie = { secret, plainHttp: true };
  const ground = redisUrl ? await openRedis(redisUrl) : undefined;
  const live = openLive({ ground, people, secret, tokenSecret, cookie });
  const app = express();
  app.disable("x-powered-by");
  app.use(express.json({ limit: "16kb" }), liveRoutes(live));
  app.use("/parts", partsRoutes({ live, people, cookie }));
  app.use("/school", schoolRoutes({ live, people, tokenSecret }));
  app.use("/trainer", trainerRoutes({ live, people, mail }));
  app.use(liveErrors());
  const http = createServer(app);
  const io = new Server(http, { serveClient: false, transports: ["websocket"], maxHttpBufferSize: 65_536 });
  attach(live, io);
  await new Promise<void>((resolve, reject) => http.once("error", reject).listen(port, resolve));
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    async close() {
      await io.close();
      await live.close();
    },
  };
}
