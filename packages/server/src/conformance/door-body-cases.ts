import assert from "node:assert/strict";
import { counted, createGate } from "./door-site.ts";
import type { DoorGate } from "./door-site.ts";
import type { DoorCase } from "./door-site.ts";

const TTL = { ttl: "5m" } as const;

async function* pieces(texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* gated(first: string, gate: DoorGate, last: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(first);
  await gate.opened;
  yield Buffer.from(last);
}

/** Bodies: exact, streamed, too large. */
export const doorBodyCases: readonly DoorCase[] = [
  [
    "a body arrives with exactly its bytes, on a miss and on a hit",
    async (open) => {
      const bodies: Readonly<Record<string, string | Uint8Array>> = {
        binary: Uint8Array.from({ length: 512 }, (_, index) => index % 256),
        utf8: "zażółć \u{1f600} \u2028 gęślą",
        zeros: new Uint8Array(3),
      };
      const routes = Object.entries(bodies).map(([name, body]) => ({
        path: `/${name}`,
        cached: TTL,
        handle: () => ({ body, headers: { "content-type": "application/octet-stream" } }),
      }));
      const { get } = await open({ routes });
      for (const [name, body] of Object.entries(bodies)) {
        for (const detail of ["absent", "hit-near"]) {
          const reply = await get(`/${name}`);
          assert.deepEqual([name, reply.detail], [name, detail]);
          assert.deepEqual(reply.bytes, Buffer.from(body as Uint8Array));
          assert.equal(reply.headers["content-type"], "application/octet-stream");
        }
      }
    },
  ],
  [
    "a buffer that the handler uses again afterwards does not change what is stored",
    async (open) => {
      const buffer = Buffer.from("first");
      const { get } = await open({
        routes: [{ path: "/a", cached: TTL, handle: () => ({ body: buffer }) }],
      });
      assert.equal((await get("/a")).text, "first");
      buffer.write("other");
      assert.equal((await get("/a")).text, "first");
    },
  ],
  [
    "an empty body is stored as one",
    async (open) => {
      const handler = counted(() => ({ headers: { "x-own": "1" } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const detail of ["absent", "hit-near"]) {
        const { status, bytes, headers, detail: found } = await get("/a");
        assert.deepEqual([status, bytes.length, headers["x-own"], found], [200, 0, "1", detail]);
      }
      assert.equal(handler.runs(), 1);
    },
  ],
  [
    "a 204 passes",
    async (open) => {
      const handler = counted(() => ({ status: 204, headers: { "x-own": "1" } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const { status, bytes, headers } of [await get("/a"), await get("/a")]) {
        assert.deepEqual([status, bytes.length, headers["x-own"]], [204, 0, "1"]);
      }
      assert.equal(handler.runs(), 2);
    },
  ],
  [
    "a body of exactly maxBytes is stored, one of a byte more passes unharmed",
    async (open) => {
      const cached = { ...TTL, maxBytes: 100 };
      const { get } = await open({
        routes: [
          { path: "/fits", cached, handle: () => ({ body: "x".repeat(100) }) },
          { path: "/not", cached, handle: () => ({ body: "x".repeat(101) }) },
        ],
      });
      for (const path of ["/fits", "/not"]) await get(path);
      assert.deepEqual([(await get("/fits")).detail, (await get("/fits")).bytes.length], ["hit-near", 100]);
      const large = await get("/not");
      assert.deepEqual([large.status, large.detail], [200, "not-storable:too-large"]);
      assert.equal(large.text, "x".repeat(101));
    },
  ],
  [
    "a body in pieces that is complete is stored as one",
    async (open) => {
      const handler = counted(() => ({
        body: pieces(["one ", "two ", "three"]),
        headers: { "content-type": "text/plain" },
      }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const detail of ["absent", "hit-near"]) {
        const reply = await get("/a");
        assert.deepEqual([reply.text, reply.detail], ["one two three", detail]);
      }
      assert.equal(handler.runs(), 1);
    },
  ],
  [
    "a body in pieces that grows beyond maxBytes arrives whole, and is not stored",
    async (open) => {
      const parts = Array.from({ length: 40 }, (_, index) => `${index}`.padStart(10, "."));
      const handler = counted(() => ({ body: pieces(parts), headers: { "content-type": "text/plain" } }));
      const cached = { ...TTL, maxBytes: 100 };
      const { get } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      for (const reply of [await get("/a"), await get("/a")]) {
        assert.equal(reply.text, parts.join(""));
        assert.equal(reply.detail, "not-storable:too-large");
      }
      assert.equal(handler.runs(), 2);
    },
  ],
  [
    "what comes after maxBytes arrives piece by piece, as it is written",
    async (open) => {
      const gate = createGate();
      const cached = { ...TTL, maxBytes: 10 };
      const { stream } = await open({
        routes: [{ path: "/a", cached, handle: () => ({ body: gated("x".repeat(20), gate, "last") }) }],
      });
      const reading = await stream("/a");
      assert.equal(await reading.next(), "x".repeat(20));
      gate.open();
      assert.equal(await reading.next(), "last");
      assert.equal(await reading.next(), undefined);
    },
  ],
  [
    "an event stream reaches its client event by event, with its headers, and is not stored",
    async (open) => {
      const gate = createGate();
      const { stream } = await open({
        routes: [
          {
            path: "/a",
            cached: TTL,
            handle: () => ({
              body: gated("data: 1\n\n", gate, "data: 2\n\n"),
              headers: { "content-type": "text/event-stream", "x-own": "1" },
            }),
          },
        ],
      });
      const reading = await stream("/a");
      assert.match(String(reading.headers["cache-status"]), /detail=not-storable:streamed$/);
      assert.equal(reading.headers["x-own"], "1");
      assert.equal(await reading.next(), "data: 1\n\n");
      gate.open();
      assert.equal(await reading.next(), "data: 2\n\n");
      assert.equal(await reading.next(), undefined);
    },
  ],
  [
    "a second reader of an event stream does not wait for the first",
    async (open) => {
      const gate = createGate();
      const body = () => gated("data: 1\n\n", gate, "data: 2\n\n");
      const { stream } = await open({
        routes: [
          {
            path: "/a",
            cached: TTL,
            handle: () => ({ body: body(), headers: { "content-type": "text/event-stream" } }),
          },
        ],
      });
      const readers = await Promise.all([stream("/a"), stream("/a")]);
      for (const reader of readers) assert.equal(await reader.next(), "data: 1\n\n");
      gate.open();
      for (const reader of readers) assert.equal(await reader.next(), "data: 2\n\n");
    },
  ],
];
