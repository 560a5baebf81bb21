import { request } from "node:http";
import { expect, test, vi } from "vitest";
import { cached } from "../../src/express/express.ts";
import { createGate, serve } from "./serve.ts";
import type { Answer, Site } from "./serve.ts";

/** Asks `count` times at once, and lets the handlers go on once the cache has seen all of them. */
async function stampede(site: Site, count: number, open: () => void): Promise<Answer[]> {
  const resolve = vi.spyOn(site.live.door.cache, "resolve");
  const answers = Array.from({ length: count }, () => site.get("/a"));
  await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(count));
  open();
  return Promise.all(answers);
}

test("50 requests for a missing response run the handler once", async () => {
  const gate = createGate();
  let made = 0;
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), async (_req, res) => {
      made++;
      await gate.opened;
      res.json({ made });
    });
  });
  const answers = await stampede(site, 50, gate.open);
  expect(made).toBe(1);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{"made":1}']));
  const told = answers.map(({ detail }) => detail).sort();
  expect(told).toEqual(["absent", ...Array.from({ length: 49 }, () => "joined")]);
  expect(
    answers.filter(({ headers }) => String(headers["cache-status"]).includes("; collapsed")),
  ).toHaveLength(49);
});

test.each([
  [
    "may not be stored",
    (res: { set(name: string, value: string): void }) => res.set("Set-Cookie", "s=1"),
    200,
  ],
  ["has another status", (res: { status(code: number): void }) => res.status(503), 503],
])(
  "when the first response %s, each of the others runs the handler for itself",
  async (_what, spoil, status) => {
    const gate = createGate();
    let made = 0;
    const site = await serve((app, live) => {
      app.get("/a", cached(live, { ttl: "5m" }), async (_req, res) => {
        const mine = ++made;
        await gate.opened;
        spoil(res as never);
        res.json({ mine });
      });
    });
    const answers = await stampede(site, 10, gate.open);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(10);
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => status));
  },
);

test("an error of the first request reaches its own client as Express would send it, and fails nobody else", async () => {
  const gate = createGate();
  let made = 0;
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), async (_req, res, next) => {
      const mine = ++made;
      await gate.opened;
      if (mine === 1) return next(Object.assign(new Error("the first one fails"), { status: 418 }));
      res.json({ fine: true });
    });
  });
  const answers = await stampede(site, 10, gate.open);
  const failed = answers.filter(({ status }) => status !== 200);
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ status: 418, detail: "not-storable:status" });
  expect(failed[0]!.body).toContain("the first one fails");
  expect(await site.get("/a")).toMatchObject({ status: 200, body: '{"fine":true}' });
});

test("when the client of the first request leaves, the others are served from its handler all the same", async () => {
  const gate = createGate();
  let made = 0;
  let left = 0;
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), async (_req, res) => {
      made++;
      res.on("close", () => left++);
      await gate.opened;
      res.json({ made });
    });
  });
  const first = request({ host: "127.0.0.1", port: site.port, path: "/a", agent: false });
  first.on("error", () => undefined);
  first.end();
  await vi.waitFor(() => expect(made).toBe(1));
  const resolve = vi.spyOn(site.live.door.cache, "resolve");
  const others = Array.from({ length: 5 }, () => site.get("/a"));
  await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(5));
  first.destroy();
  await vi.waitFor(() => expect(left).toBe(1));
  gate.open();
  for (const answer of await Promise.all(others))
    expect(answer).toMatchObject({ status: 200, body: '{"made":1}' });
  expect(made).toBe(1);
});

test("when the client of the first request leaves in the middle of a body, the others run the handler for themselves", async () => {
  let made = 0;
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      if (++made > 1) return void res.json({ made });
      res.write("a piped body that never ends");
    });
  });
  const first = request({ host: "127.0.0.1", port: site.port, path: "/a", agent: false });
  first.on("error", () => undefined);
  first.end();
  await vi.waitFor(() => expect(made).toBe(1));
  const resolve = vi.spyOn(site.live.door.cache, "resolve");
  const others = Array.from({ length: 3 }, () => site.get("/a"));
  await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(3));
  first.destroy();
  for (const answer of await Promise.all(others)) expect(answer.status).toBe(200);
  expect(made).toBe(4);
});

test("a change while the handler runs: its response is sent, and not used for anybody later", async () => {
  const gate = createGate();
  let made = 0;
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m", tags: ["thing"] }), async (_req, res) => {
      const mine = ++made;
      if (mine === 1) await gate.opened;
      res.json({ mine });
    });
  });
  const early = site.get("/a");
  await vi.waitFor(() => expect(made).toBe(1));
  await site.live.change({ tags: ["thing"] });
  gate.open();
  expect(await early).toMatchObject({ status: 200, body: '{"mine":1}' });
  expect(await site.get("/a")).toMatchObject({ body: '{"mine":2}', detail: "absent" });
  expect(await site.get("/a")).toMatchObject({ body: '{"mine":2}', detail: "hit-near" });
});
