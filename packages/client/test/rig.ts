import type { Contract } from "@livecache/wire";
import { afterEach, vi } from "vitest";
import { createLiveClient } from "../src/client.ts";
import type { LiveClient, LiveClientOptions } from "../src/client.ts";
import { ScriptedServer } from "./scripted-server.ts";

/** Times short enough that a test need not wait for them. */
export const QUICK = {
  coalesceMs: 1,
  jitterMs: 1,
  reconnectJitterMs: 1,
  retryMinMs: 10,
  retryMaxMs: 50,
} as const;

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

/** A listening server, stopped after the test. */
export async function openServer(): Promise<ScriptedServer> {
  const server = await new ScriptedServer().start();
  opened.push({ close: () => server.stop() });
  return server;
}

/** A client of `server`, closed after the test. */
export function clientOf(
  server: { readonly url: string },
  options: LiveClientOptions<Contract> = {},
): LiveClient<Contract> {
  const client = createLiveClient<Contract>({ url: server.url, timing: QUICK, ...options });
  opened.push(client);
  return client;
}

/** Waits, up to four seconds, until `check` no longer throws; answers what it returns. */
export function soon<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 4_000, interval: 2 });
}

/** Several round trips to the server: whatever was due within a few milliseconds has happened afterwards. */
export async function roundTrips(client: LiveClient<Contract>, count = 5): Promise<void> {
  for (let trip = 0; trip < count; trip++) await (await client.fetch("/round-trip")).text();
}

/** A promise, and what resolves it. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
