import assert from "node:assert/strict";
import { formatPosition } from "@livecache/wire";
import { eventually } from "./eventually.ts";
import { counted, createGate } from "./door-site.ts";
import type { DoorCase } from "./door-site.ts";
import type { DoorLive, DoorSite } from "./door-site.ts";

const TTL = { ttl: "5m" } as const;

async function positionAfter(live: DoorLive, tag: string): Promise<string> {
  const { position } = await live.change({ tags: [tag] });
  assert(position, "the change has no position");
  return formatPosition(position);
}

/** Changes, positions, and values that are no longer current. */
export const doorChangeCases: readonly DoorCase[] = [
  [
    "a change of a tag has the handler run again, a change of another does not",
    async (open) => {
      const { get, live } = await open({
        routes: [{ path: "/a", cached: { ...TTL, tags: ["a"] }, handle: counted().handle }],
      });
      await get("/a");
      const other = await positionAfter(live, "b");
      assert.equal((await get("/a", { "live-position": other })).text, "1");
      const own = await positionAfter(live, "a");
      const after = await get("/a", { "live-position": own });
      assert.deepEqual([after.text, after.detail], ["2", "changed"]);
    },
  ],
  [
    "a change of a path forgets what lies at and below it, whatever the query",
    async (open) => {
      const handler = counted();
      const { get, live, pathTag } = await open({
        routes: ["/shop", "/shop/cart", "/shopping"].map((path) => ({
          path,
          cached: TTL,
          handle: handler.handle,
        })),
      });
      const paths = ["/shop", "/shop?page=2", "/shop/cart", "/shopping"];
      const read = async (headers = {}): Promise<string[]> => {
        const texts: string[] = [];
        for (const path of paths) texts.push((await get(path, headers)).text);
        return texts;
      };
      assert.deepEqual(await read(), ["1", "2", "3", "4"]);
      const position = await positionAfter(live, pathTag("/shop"));
      assert.deepEqual(await read({ "live-position": position }), ["5", "6", "7", "4"]);
    },
  ],
  [
    "a write says its position, and whoever presents that reads what was written",
    async (open) => {
      let title = "old";
      const site: DoorSite = await open({
        routes: [
          { path: "/title", cached: { ...TTL, tags: ["title"] }, handle: () => ({ body: title }) },
          {
            method: "POST",
            path: "/title",
            async handle() {
              title = "new";
              await site.live.change({ tags: ["title"] });
              return { status: 201, body: "written" };
            },
          },
        ],
      });
      assert.equal((await site.get("/title")).text, "old");
      const written = await site.ask({ method: "POST", path: "/title" });
      assert.equal(written.status, 201);
      const position = String(written.headers["live-position"]);
      assert.match(position, /^[0-9a-z]+\.\d+$/);
      assert.equal((await site.get("/title", { "live-position": position })).text, "new");
    },
  ],
  [
    "a read later in the same request sees the change made before it",
    async (open) => {
      let value = 0;
      const load = (): Promise<number> =>
        site.live.cache.getOrSet("value", () => value, { ttl: "5m", tags: ["value"] });
      const site: DoorSite = await open({
        routes: [
          {
            method: "POST",
            path: "/bump",
            async handle() {
              const before = await load();
              value++;
              await site.live.change({ tags: ["value"] });
              return { body: JSON.stringify([before, await load()]) };
            },
          },
        ],
      });
      for (const before of [0, 1, 2]) {
        const { text } = await site.ask({ method: "POST", path: "/bump" });
        assert.deepEqual(JSON.parse(text), [before, before + 1]);
      }
    },
  ],
  [
    "a response to a request that changed nothing has no position of its own",
    async (open) => {
      const { get } = await open({ routes: [{ path: "/quiet", handle: () => ({ body: "x" }) }] });
      assert.equal((await get("/quiet")).headers["live-position"], undefined);
    },
  ],
  [
    "a position that nobody has reached keeps a request off memory; a malformed one does not",
    async (open) => {
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: counted().handle }] });
      const position = String((await get("/a")).headers["live-position"]);
      const [epoch = "", seq = ""] = position.split(".");
      const ahead = `${epoch}.${Number(seq) + 60_000_000}`;
      assert.notEqual((await get("/a", { "live-position": ahead })).detail, "hit-near");
      assert.equal((await get("/a", { "live-position": "nonsense" })).detail, "hit-near");
    },
  ],
  [
    "a change during a handler's run keeps its response from being answered to others",
    async (open) => {
      const gate = createGate();
      const handler = counted(async (run) => {
        if (run === 1) await gate.opened;
        return { body: String(run) };
      });
      const { get, live } = await open({
        routes: [{ path: "/a", cached: { ...TTL, tags: ["a"] }, handle: handler.handle }],
      });
      const first = get("/a");
      await eventually("the handler runs", () => handler.runs() === 1);
      const position = await positionAfter(live, "a");
      gate.open();
      await first;
      const after = await get("/a", { "live-position": position });
      assert.equal(after.text, "2");
    },
  ],
  [
    "after a soft change a route that allows it answers the stale value, and has it made anew in the background",
    async (open) => {
      const handler = counted();
      const cached = { ...TTL, tags: ["a"], stale: { swr: "1m" } } as const;
      const { get, live } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      await get("/a");
      await live.change({ tags: ["a"], mode: "stale" });
      const stale = await eventually("this node hears of it", async () => {
        const reply = await get("/a");
        return reply.detail === "hit-near" && reply.text === "1" ? undefined : reply;
      });
      assert.deepEqual([stale.text, stale.detail], ["1", "stale"]);
      await eventually("it is made anew", () => handler.runs() === 2);
      const fresh = await eventually("it is answered", async () => {
        const reply = await get("/a");
        return reply.text === "2" ? reply : undefined;
      });
      assert.equal(fresh.status, 200);
      assert.equal(handler.runs(), 2);
    },
  ],
  [
    "what is run again in the background asks as the same person",
    async (open) => {
      const handler = counted((run, { headers }) => ({ body: `${run} ${String(headers["authorization"])}` }));
      const cached = { ...TTL, tags: ["a"], vary: ["userId"], stale: { swr: "1m" } } as const;
      const { get, live } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      const ana = { authorization: "Bearer ana:student" };
      await get("/a", ana);
      await live.change({ tags: ["a"], mode: "stale" });
      const fresh = await eventually("it is made anew", async () => {
        const reply = await get("/a", ana);
        return reply.text.startsWith("2") ? reply : undefined;
      });
      assert.equal(fresh.text, "2 Bearer ana:student");
    },
  ],
  [
    "while the origin fails, a route with grace goes on with the stale value",
    async (open) => {
      const handler = counted((run) => (run === 1 ? { body: "1" } : { status: 503, body: "down" }));
      const cached = { ...TTL, tags: ["a"], stale: { swr: "1m", grace: "1m" } } as const;
      const { get, live } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      await get("/a");
      await live.change({ tags: ["a"], mode: "stale" });
      await eventually("the origin is asked", async () => {
        await get("/a");
        return handler.runs() >= 2;
      });
      assert.deepEqual([(await get("/a")).status, (await get("/a")).text], [200, "1"]);
    },
  ],
];
