import { expect, test } from "vitest";
import { openRaw } from "@livecache/rig";
import { serve, turnedAway } from "./serve.ts";

const as = (userId: string) => ({ auth: { user: { userId } } });
const from = (address: string) => ({ extraHeaders: { "x-forwarded-for": address } });

const limited = (because: string) => ({
  code: "LIVE_LIMIT_REACHED",
  message: expect.stringContaining(because) as unknown,
  retryable: true,
});

test("sockets of a user: at the limit all are let in, above it the next is told why, and leaving makes room", async () => {
  const site = await serve({ attach: { limits: { socketsPerUser: 3 } } });
  const mine = [await site.connect(as("ada")), await site.connect(as("ada")), await site.connect(as("ada"))];
  const refused = await turnedAway(site.client(as("ada")));
  expect(refused.data).toEqual(
    limited("This user has 3 connections already. Close some, or share one among tabs."),
  );
  // Others, and those who are nobody, are not counted with them.
  await site.connect(as("bob"));
  for (let number = 0; number < 5; number++) await site.connect();
  mine[0]!.socket.disconnect();
  await expect.poll(() => site.io.sockets.sockets.size).toBe(8);
  await site.connect(as("ada"));
  expect(site.attached.figures().handshakesRefused).toBe(1);
});

test("clients that come at once are counted as well as those that come one after the other", async () => {
  const site = await serve({
    attach: { limits: { socketsPerUser: 3 } },
    identify: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { userId: "ada" };
    },
  });
  const came = await Promise.allSettled(Array.from({ length: 10 }, () => site.connect()));
  expect(came.filter(({ status }) => status === "fulfilled").length).toBe(3);
  for (const socket of site.io.sockets.sockets.values()) socket.conn.close();
  await expect.poll(() => site.io.sockets.sockets.size).toBe(0);
  const again = await Promise.allSettled(Array.from({ length: 3 }, () => site.connect()));
  expect(again.filter(({ status }) => status === "fulfilled").length).toBe(3);
});

test("sockets of an address: at the limit all are let in, above it the next is told why; a /64 network counts as one", async () => {
  const site = await serve({ attach: { trustProxy: 1, limits: { socketsPerAddress: 2 } } });
  for (const [first, second, third] of [
    ["203.0.113.9", "203.0.113.9", "198.51.100.1, 203.0.113.9"],
    ["2001:db8::1", "2001:db8::2", "2001:db8::3"],
  ] as const) {
    const mine = [await site.connect(from(first)), await site.connect(from(second))];
    expect((await turnedAway(site.client(from(third)))).data).toEqual(
      limited("This address has 2 connections already. Close some, or share one among tabs."),
    );
    mine[0]!.socket.disconnect();
    await expect
      .poll(() =>
        turnedAway(site.client(from(third))).then(
          () => "refused",
          () => "let in",
        ),
      )
      .toBe("let in");
  }
  await site.connect(from("203.0.113.10"));
  expect(site.warnings.join()).toContain("set attach(live, io, { trustProxy })");
});

test("an address with twice as many connections as it may use gets no further ones, introduced or not", async () => {
  const site = await serve({ attach: { trustProxy: 1, limits: { socketsPerAddress: 2 } } });
  const headers = { "x-forwarded-for": "203.0.113.9" };
  const open = await Promise.all(Array.from({ length: 4 }, () => openRaw(site.url, headers)));
  expect(open.filter((client) => "texts" in client).length).toBe(4);
  const refused = await openRaw(site.url, headers);
  expect(refused).toMatchObject({
    status: 400,
    body: "LIVE_LIMIT_REACHED: This address has 4 open connections. Close some.",
  });
  for (const client of open) if ("texts" in client) client.destroy();
  await expect.poll(async () => "texts" in (await openRaw(site.url, headers))).toBe(true);
});

test("the machine itself is not limited; a proxy that is not declared is pointed out once", async () => {
  const site = await serve({ attach: { limits: { socketsPerAddress: 1 } } });
  for (let number = 0; number < 5; number++) await site.connect(from("203.0.113.9"));
  expect(site.warnings.filter((warning) => warning.includes("clients come through a proxy")).length).toBe(1);
});

test("handshakes a second: above the rate clients are told when to come back, before anybody is identified, and get in then", async () => {
  let identified = 0;
  const site = await serve({
    attach: { limits: { handshakesPerSecond: 5 } },
    identify: () => void identified++,
  });
  for (let number = 0; number < 10; number++) await site.connect();
  const client = site.client();
  const refused = await turnedAway(client);
  expect(refused.data).toEqual({
    code: "LIVE_NODE_BUSY",
    message: expect.stringContaining("This server admits 5 connections a second") as unknown,
    retryable: true,
    retryAfterMs: expect.any(Number) as number,
  });
  expect(identified).toBe(10);
  expect(site.attached.figures()).toMatchObject({ handshakesPostponed: 1, handshakesRefused: 0 });
  const waitMs = refused.data!["retryAfterMs"] as number;
  expect(waitMs).toBeLessThan(1_000);
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  client.connect();
  await expect.poll(() => client.connected).toBe(true);
});

test("whoever was turned away and stays on the line is hung up on; a client of another namespace is not", async () => {
  const site = await serve({ prepare: (io) => io.of("/own"), attach: { limits: { socketsPerUser: 1 } } });
  await site.connect(as("ada"));
  const raw = await openRaw(site.url);
  if (!("texts" in raw)) throw new Error("refused");
  raw.send(`40${JSON.stringify({ user: { userId: "ada" } })}`);
  await raw.closed;
  expect(raw.texts.at(-1)).toContain("LIVE_LIMIT_REACHED");
  const both = await openRaw(site.url);
  if (!("texts" in both)) throw new Error("refused");
  both.send("40/own,");
  await expect.poll(() => both.texts.some((text) => text.startsWith("40/own,"))).toBe(true);
  both.send(`40${JSON.stringify({ user: { userId: "ada" } })}`);
  await expect.poll(() => both.texts.at(-1)).toContain("LIVE_LIMIT_REACHED");
  // Longer than the one that was hung up on.
  const third = await openRaw(site.url);
  if (!("texts" in third)) throw new Error("refused");
  third.send(`40${JSON.stringify({ user: { userId: "ada" } })}`);
  await third.closed;
  expect(both.isOpen()).toBe(true);
  both.destroy();
});

test("a client that polls a WebSocket-only server is told what to change, and the log says it once", async () => {
  const site = await serve({ io: { transports: ["websocket"] } });
  for (let number = 0; number < 2; number++) {
    const response = await fetch(`${site.url}/socket.io/?EIO=4&transport=polling`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("this server speaks WebSocket only; give the client");
  }
  expect(site.warnings.filter((warning) => warning.includes("speaks WebSocket only")).length).toBe(1);
});

test("a client whose polling reaches another node is told about sticky sessions, and the log says it once", async () => {
  const [one, other] = [await serve(), await serve()];
  const opened = await (await fetch(`${one.url}/socket.io/?EIO=4&transport=polling`)).text();
  const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
  for (let number = 0; number < 2; number++) {
    const response = await fetch(`${other.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("has to reach the same node with each request");
  }
  expect(other.warnings.filter((warning) => warning.includes("same node with each request")).length).toBe(1);
});
