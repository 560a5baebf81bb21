import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Express } from "express";
import { onTestFinished, vi } from "vitest";
import type { Contract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { LiveOptions } from "../../src/assembly/resolve-options.ts";
import type { Identity } from "../../src/base/identity.ts";

/** An application on a port of its own, for the length of a test. */
export interface Site {
  readonly live: Live;
  readonly port: number;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Any request, without what `fetch` adds or forbids. */
  ask(given: Ask): Promise<Answer>;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The reason in `Cache-Status`. */
  readonly detail: string | undefined;
}

/** Starts an application, and ends it with the test. */
export async function serve(
  build: (app: Express, live: Live) => void,
  options: LiveOptions<Contract, Identity> = {},
): Promise<Site> {
  const live = createLive(options) as Live;
  const app = express();
  app.set("env", "test");
  build(app, live);
  const server = app.listen(0, "127.0.0.1");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await live.close();
  });
  await vi.waitFor(() => {
    if (!live.door.applied() || !server.listening) throw new Error("not ready yet");
  });
  const { port } = server.address() as AddressInfo;
  const ask = (given: Ask): Promise<Answer> => send(port, given);
  return { live, port, ask, get: (path, headers = {}) => ask({ path, headers }) };
}

/** Lists of tags are longer than what Node takes by default. */
const MAX_HEADER_BYTES = 64 * 1024;

function send(port: number, { method = "GET", path, headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const at = { host: "127.0.0.1", port, agent: false, maxHeaderSize: MAX_HEADER_BYTES } as const;
    const outgoing = request({ ...at, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const detail = /detail=([\w:-]+)$/.exec(String(incoming.headers["cache-status"] ?? ""))?.[1];
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, detail });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Something a test waits for, and opens by hand. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

export interface Person extends Identity {
  readonly role: string;
}

/** Who a request is by its bearer token, `name:role`. */
export function identify({ headers }: { headers: Record<string, unknown> }): Person | undefined {
  const match = /^Bearer (\w+):(\w+)$/.exec(String(headers["authorization"] ?? ""));
  return match ? { userId: match[1]!, role: match[2]! } : undefined;
}

/** The machine's clock, which a test can put forward. */
export function createShiftedClock() {
  let shiftMs = 0;
  return {
    clock: { ...systemClock, now: () => systemClock.now() + shiftMs },
    shift: (ms: number) => void (shiftMs += ms),
  };
}
