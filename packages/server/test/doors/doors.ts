import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { vi } from "vitest";
import type { Contract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { Identity } from "../../src/base/identity.ts";
import type { OpenDoor } from "../../src/conformance/suites.ts";
import { pathTag } from "../../src/http/cache-key.ts";
import { HANDLER_LIMIT_MS } from "../../src/http/handler-run.ts";

interface Person extends Identity {
  readonly role: string;
}

/** Who a request is by its bearer token, `userId:role`. */
function identify({ headers }: { headers: Record<string, unknown> }): Person | undefined {
  const match = /^Bearer (\w+):(\w+)$/.exec(String(headers["authorization"] ?? ""));
  return match ? { userId: match[1]!, role: match[2]! } : undefined;
}

/** Waits 2 s where a door waits for a handler, so that nobody waits for 10. */
const impatientClock: Clock = {
  ...systemClock,
  after: (delayMs, task) => systemClock.after(delayMs === HANDLER_LIMIT_MS ? 2_000 : delayMs, task),
};

/** One node over a ground of its own that knows people by their bearer tokens. */
export async function openLive(): Promise<Live> {
  const live = createLive<Contract, Person>({ identify, clock: impatientClock }) as unknown as Live;
  await vi.waitFor(() => {
    if (!live.door.applied()) throw new Error("not ready yet");
  });
  return live;
}

/** Listens with an application on a port of its own. */
export async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** An application that listens, as suites take it. */
export function openDoor(live: Live, server: Server, end?: () => Promise<void>): OpenDoor {
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    live,
    pathTag,
    async close() {
      server.closeAllConnections();
      await (end?.() ?? new Promise<void>((resolve) => server.close(() => resolve())));
      await live.close();
    },
  };
}
