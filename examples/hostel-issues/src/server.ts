import { createServer } from "node:http";
import { listen, urlOf } from "example-kit/listen";
import type { RunningServer } from "example-kit/run-server";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { createApp } from "./app.ts";
import { openDatabase } from "./database/open.ts";
import { openLive } from "./live.ts";
import { readSecret } from "example-kit/secret";
import { createSessions } from "./session.ts";
import type { Settings } from "./settings.ts";
import { createWarming } from "./warming.ts";

/** Starts one node. It answers once this resolves. */
export async function openServer(settings: Settings): Promise<RunningServer> {
  const secret = await readSecret(settings.secret, settings.dataDir);
  const database = await openDatabase(settings);
  const sessions = createSessions(secret);
  const live = await openLive({ redisUrl: settings.redisUrl, secret, sessions });
  const { db } = database;
  const warming = createWarming({ db, live, sessions, url: () => urlOf(http) });
  const http = createServer(createApp({ db, live, sessions, warming }));
  const io = new Server(http, {
    serveClient: false,
    transports: ["websocket"],
    maxHttpBufferSize: 65_536,
  });
  attach(live, io);

  async function close(): Promise<void> {
    await warming.stop();
    await io.close(); // Stops listening as well, and ends every socket.
    await live.close();
    await database.close();
  }
  let closed: Promise<void> | undefined;
  try {
    await listen(http, settings.port);
  } catch (error) {
    await close();
    throw error;
  }
  if (settings.warm) warming.start();
  return {
    url: urlOf(http),
    close: () => (closed ??= close()),
  };
}
