import { createServer } from "node:http";
import type { Server } from "node:http";
import type { NodeLive } from "example-kit/application";
import express from "express";
import { operations } from "livecache/operations";

/**
 * The operations console of one application. Everybody who gets here may act: the front lets only those through who sit at this machine, and
 * in a cluster it listens on the loopback address alone.
 */
export function createConsoleServer(name: string, live: NodeLive): Server {
  const app = express();
  app.use(
    `/console/${name}`,
    operations(live, { guard: () => ({ name: "whoever sits here", role: "act" }) }),
  );
  return createServer(app);
}
