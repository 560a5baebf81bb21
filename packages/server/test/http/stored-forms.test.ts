import { request } from "node:http";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import type { Express } from "express";
import { expect, test } from "vitest";
import type { Live } from "../../src/assembly/create-live.ts";
import { cached } from "../../src/express/express.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { serve } from "./serve.ts";

const ROWS = Array.from({ length: 100 }, (_, id) => ({ id, name: `row ${id}` }));

/** The bytes of an answer, as they came. */
function bytesOf(port: number, path: string, headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve(Buffer.concat(chunks)));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

test("every client gets the form that it understands, on a miss and on hits, with a tag of its own", async () => {
  let made = 0;
  const { get, port } = await serve((app, live) => {
    app.get("/rows", cached(live, { ttl: "5m" }), (_req, res) => {
      made++;
      res.json(ROWS);
    });
  });
  const tags = new Set<unknown>();
  const decode = { br: brotliDecompressSync, gzip: gunzipSync, none: (bytes: Buffer) => bytes } as const;
  for (const coding of ["gzip", "br", "none"] as const) {
    const headers: Record<string, string> = coding === "none" ? {} : { "accept-encoding": coding };
    const answer = await get("/rows", headers);
    expect(answer.headers["content-encoding"]).toBe(coding === "none" ? undefined : coding);
    expect(answer.headers["vary"]).toContain("accept-encoding");
    const bytes = await bytesOf(port, "/rows", headers);
    expect(answer.headers["content-length"]).toBe(String(bytes.length));
    expect(JSON.parse(decode[coding](bytes).toString())).toEqual(ROWS);
    tags.add(answer.headers["etag"]);
    for (const held of [String(answer.headers["etag"]), `W/${String(answer.headers["etag"])}`]) {
      const again = await get("/rows", { "if-none-match": held, "accept-encoding": "br, gzip" });
      expect(again).toMatchObject({ status: 304, body: "" });
      expect(again.headers["etag"]).toBe(answer.headers["etag"]);
      expect(again.headers["content-encoding"]).toBeUndefined();
    }
  }
  expect(tags.size).toBe(3);
  expect(made).toBe(1);
});

test("another node gets the compressed forms from the ground", async () => {
  const ground = createMemoryGround();
  const build = (app: Express, live: Live) => {
    app.get("/rows", cached(live, { ttl: "5m" }), (_req, res) => res.json(ROWS));
  };
  const options = { ground, secret: "a secret of thirty-two characters" };
  const [one, two] = [await serve(build, options), await serve(build, options)];
  const headers = { host: "app.example", "accept-encoding": "br" };
  const first = await one.get("/rows", headers);
  const second = await two.get("/rows", headers);
  expect(second.detail).toBe("hit-far");
  for (const name of ["content-encoding", "content-length", "etag"]) {
    expect(second.headers[name]).toBe(first.headers[name]);
  }
});

test("what may not be transformed, and what is compressed already, is sent as it was written", async () => {
  const packed = gzipSync(JSON.stringify(ROWS));
  const { get, port } = await serve((app, live) => {
    app.get("/fixed", cached(live, { ttl: "5m" }), (_req, res) =>
      res.set("Cache-Control", "no-transform").json(ROWS),
    );
    app.get("/packed", cached(live, { ttl: "5m", vary: ["header:accept-encoding"] }), (_req, res) => {
      res.set({ "Content-Encoding": "gzip", "Content-Type": "application/json" }).end(packed);
    });
    app.get("/small", cached(live, { ttl: "5m" }), (_req, res) => res.json({}));
  });
  const headers = { "accept-encoding": "br, gzip" };
  for (const path of ["/fixed", "/small"]) {
    for (const answer of [await get(path, headers), await get(path, headers)]) {
      expect(answer.headers["content-encoding"]).toBeUndefined();
      expect(String(answer.headers["vary"])).not.toContain("accept-encoding");
    }
  }
  for (const detail of ["absent", "hit-near"]) {
    const answer = await get("/packed", headers);
    expect(answer.detail).toBe(detail);
    expect(answer.headers["content-encoding"]).toBe("gzip");
  }
  expect((await bytesOf(port, "/packed", headers)).equals(packed)).toBe(true);
});

test("an outer middleware that compresses finds nothing left to do", async () => {
  const { get, port } = await serve((app, live) => {
    app.use((req, res, next) => {
      const { end } = res;
      res.end = (...args: unknown[]) => {
        const isWanted = String(req.headers["accept-encoding"]).includes("gzip");
        const [body] = args;
        if (!isWanted || res.getHeader("content-encoding") !== undefined || !(body instanceof Uint8Array)) {
          return end.apply(res, args as never);
        }
        res.setHeader("Content-Encoding", "gzip");
        res.removeHeader("Content-Length");
        return end.call(res, gzipSync(body), "utf8");
      };
      next();
    });
    app.get("/rows", cached(live, { ttl: "5m" }), (_req, res) => res.json(ROWS));
  });
  for (const detail of ["absent", "hit-near"]) {
    const headers = { "accept-encoding": "gzip" };
    expect((await get("/rows", { ...headers, "x-try": detail })).headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(await bytesOf(port, "/rows", headers)).toString())).toEqual(ROWS);
  }
});
