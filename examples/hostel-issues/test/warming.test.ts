import { createLiveClient } from "@livecache/client";
import { expect, onTestFinished, test, vi } from "vitest";
import type { HostelContract } from "../src/contract.ts";
import type { WarmingAnswer, WarmingState } from "example-kit/warming";
import { startHere, visit } from "./support/visitor.ts";
import type { Visitor } from "example-kit/visitor";

async function open(warm: boolean) {
  const server = await startHere({ warm });
  onTestFinished(() => server.close());
  const [asha, elena] = await Promise.all([visit(server.url, "asha"), visit(server.url, "elena")]);
  return { server, asha, elena };
}

async function stateOf(visitor: Visitor): Promise<WarmingState | null> {
  return ((await (await visitor.get("/api/warming")).json()) as WarmingAnswer).warming;
}

function liveClientOf(url: string, { cookie }: Visitor) {
  const client = createLiveClient<HostelContract>({ url, headers: () => ({ cookie, origin: url }) });
  onTestFinished(() => client.close());
  return client;
}

async function isHit(visitor: Visitor, path: string): Promise<boolean> {
  const response = await visitor.get(path);
  expect(response.status).toBe(200);
  return /Livecache; hit/.test(response.headers.get("cache-status")!);
}

test("management warms the caches and hears how far it is; then everybody's first pages are there", async () => {
  const { server, asha, elena } = await open(false);
  expect(await stateOf(elena)).toBeNull();
  expect(await isHit(asha, "/api/hostels/aspen/announcements")).toBe(false);

  const client = liveClientOf(server.url, elena);
  const heard: WarmingState[] = [];
  client.channel("warming", {}, { progress: (state) => void heard.push(state) });
  await vi.waitFor(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect((await elena.send("POST /api/warming")).status).toBe(202);
  await vi.waitFor(() => expect(heard.at(-1)?.state).toBe("done"), { timeout: 20_000 });

  const last = heard.at(-1)!;
  expect(last).toMatchObject({ done: last.total, failed: 0, notStored: 0 });
  expect(last.loaded).toBeGreaterThan(100);
  expect(last.alreadyThere).toBeGreaterThanOrEqual(1);
  const steps = heard.map(({ done }) => done);
  expect(steps.length).toBeGreaterThan(10);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(await stateOf(elena)).toEqual(last);

  for (const path of ["/api/hostels", "/api/hostels/aspen/issues?limit=50"]) {
    expect([path, await isHit(asha, path)]).toEqual([path, true]);
  }
  for (const path of ["/api/dashboard/summary", "/api/hostels/birch/announcements"]) {
    expect([path, await isHit(elena, path)]).toEqual([path, true]);
  }
});

test("a server that warms at its start does so by itself", async () => {
  const { elena } = await open(true);
  await vi.waitFor(async () => expect((await stateOf(elena))?.state).toBe("done"), { timeout: 20_000 });
  expect(await isHit(elena, "/api/dashboard/summary")).toBe(true);
});

test("only management may warm, look on, or listen", async () => {
  const { server, asha } = await open(false);
  for (const what of ["GET /api/warming", "POST /api/warming"]) {
    expect((await asha.send(what)).status).toBe(403);
  }
  const client = liveClientOf(server.url, asha);
  const refused = new Promise((resolve) =>
    client.channel("warming", {}, { onError: ({ code }) => resolve(code) }),
  );
  expect(await refused).toBe("LIVE_CHANNEL_REFUSED");
});
