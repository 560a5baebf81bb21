import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLive, defineContract } from "../../src/index.ts";
import type { Ack, LocateReply, NearReply } from "@livecache/wire";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { attach } from "../../src/socketio/attach.ts";

const contract = defineContract({
  channels: { "region/:cell": { events: { observed: z.object({ text: z.string() }) } } },
  regions: { channel: "region/:cell", precision: 6 },
});

async function serve() {
  const live = createLive({
    contract,
    authorize: { "region/:cell": () => true },
    logger: { warn: () => undefined },
  });
  const http = createServer();
  const io = new Server(http);
  const attached = attach(live, io);
  http.listen(0, "127.0.0.1");
  const clients: Socket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    attached.close();
    await io.close();
    await live.close();
  });
  await vi.waitUntil(() => http.listening && live.door.applied());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  async function connect(): Promise<Socket> {
    const client = connectTo(url, { transports: ["websocket"], forceNew: true, reconnection: false });
    clients.push(client);
    await new Promise<void>((resolve) => client.once("connect", resolve));
    return client;
  }
  return { live, connect };
}

const ask = (client: Socket, frame: string, request?: object): Promise<Ack<LocateReply & NearReply>> =>
  client.timeout(5_000).emitWithAck(frame, ...(request ? [request] : [])) as Promise<never>;

test("a stock client locates itself, is told what happens there, asks who is near, and is gone when it disconnects", async () => {
  const { live, connect } = await serve();
  const [one, two] = [await connect(), await connect()];
  const told: unknown[] = [];
  one.on("observed", (body: unknown, meta: { channel: string }) => told.push([body, meta.channel]));
  const located = await ask(one, "locate", { latitude: 28.7037, longitude: 77.2079 });
  expect(located).toMatchObject({ ok: true, cell: "ttngkc", moved: true, channel: "region/ttngkc" });
  await ask(two, "locate", { latitude: 28.7037, longitude: 77.2079 });
  await live.publish("region/:cell", { cell: "ttngkc" }, "observed", { text: "Pothole" });
  await vi.waitUntil(() => told.length === 1);
  expect(told).toEqual([[{ text: "Pothole" }, "region/ttngkc"]]);
  expect(await ask(one, "near")).toEqual({
    ok: true,
    cell: "ttngkc",
    cells: [{ cell: "ttngkc", members: [{ socketId: two.id }], truncated: false }],
    scope: "cluster",
  });
  two.disconnect();
  await vi.waitUntil(async () => (await live.regions.count("")).count === 1);
  expect(await ask(one, "near", { radius: 1 })).toMatchObject({ ok: true, cells: [] });
});

test("bad coordinates over the wire are refused with what was expected and received; the socket lives", async () => {
  const { connect } = await serve();
  const client = await connect();
  expect(await ask(client, "locate", { latitude: 91, longitude: 0 })).toMatchObject({
    ok: false,
    code: "LIVE_FRAME_INVALID",
    message: 'locate: expected "latitude" to be a number from -90 to 90, received 91.',
    retryable: false,
  });
  // JSON knows no NaN: it becomes null on the way.
  expect(await ask(client, "locate", { latitude: Number.NaN, longitude: 0 })).toMatchObject({
    message: 'locate: expected "latitude" to be a number from -90 to 90, received null.',
  });
  expect(await ask(client, "near")).toMatchObject({ ok: false, code: "LIVE_FRAME_INVALID" });
  expect(await ask(client, "locate", { latitude: 1, longitude: 1 })).toMatchObject({ ok: true, moved: true });
});

test("locations that come too fast are refused like other frames, and the last one that was taken counts", async () => {
  const { connect } = await serve();
  const client = await connect();
  const replies = await Promise.all(
    Array.from({ length: 700 }, (_, index) => ask(client, "locate", { latitude: index / 100, longitude: 0 })),
  );
  const taken = replies.filter(({ ok }) => ok);
  const refused = replies.filter((reply) => !reply.ok && reply.code === "LIVE_LIMIT_REACHED");
  expect(taken.length + refused.length).toBe(700);
  expect(taken.length).toBeGreaterThanOrEqual(600);
  expect(refused.length).toBeGreaterThan(0);
  expect(client.connected).toBe(true);
});
