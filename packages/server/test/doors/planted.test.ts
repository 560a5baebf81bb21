import express from "express";
import type { RequestHandler } from "express";
import { expect, test } from "vitest";
import { doorSuite } from "../../src/conformance/suites.ts";
import type { DoorPlan, OpenDoor } from "../../src/conformance/suites.ts";
import { listen, openDoor, openLive } from "./doors.ts";

/** What a faulty door puts before a handler. */
type Fault = () => RequestHandler;

/** Never answers from a cache. */
const noCache: Fault = () => (_req, _res, next) => next();

/** Keeps whatever was answered under its URL, for everybody and for ever. */
const keepsEverything: Fault = () => {
  const kept = new Map<string, { status: number; headers: Record<string, unknown>; body: Buffer }>();
  return (req, res, next) => {
    const known = kept.get(req.originalUrl);
    if (known) {
      res.status(known.status).set(known.headers as Record<string, string>);
      return void res.end(known.body);
    }
    const chunks: Buffer[] = [];
    const { write, end } = res;
    res.write = (...args: unknown[]) => {
      chunks.push(Buffer.from(args[0] as Uint8Array));
      return write.apply(res, args as never);
    };
    res.end = (...args: unknown[]) => {
      if (args[0]) chunks.push(Buffer.from(args[0] as Uint8Array));
      const headers = { ...res.getHeaders() };
      kept.set(req.originalUrl, { status: res.statusCode, headers, body: Buffer.concat(chunks) });
      return end.apply(res, args as never);
    };
    next();
  };
};

function doorWith(fault: Fault): (plan: DoorPlan) => Promise<OpenDoor> {
  return async ({ routes }) => {
    const live = await openLive();
    const app = express();
    app.set("env", "test");
    for (const { method = "GET", path, cached, handle } of routes) {
      const handler: RequestHandler = async (req, res) => {
        const {
          status = 200,
          headers = {},
          body = "",
        } = await handle({ method: req.method, headers: req.headers });
        for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
        res.status(status).end(body);
      };
      app[method === "POST" ? "post" : "get"](path, ...(cached ? [fault(), handler] : [handler]));
    }
    return openDoor(live, await listen(app));
  };
}

/** Which of these sentences a door does not keep. */
async function broken(fault: Fault, sentences: readonly string[]): Promise<readonly string[]> {
  const runs = new Map<string, () => Promise<void>>();
  doorSuite({ open: doorWith(fault), test: (name, run) => void runs.set(name, run) });
  const found: string[] = [];
  for (const sentence of sentences) {
    const run = runs.get(sentence);
    if (!run) throw new Error(`there is no such sentence: ${sentence}`);
    await run().catch(() => found.push(sentence));
  }
  return found;
}

test("a door that caches nothing is found out", async () => {
  const sentences = [
    "the first request runs the handler, the next is answered without it",
    "a change of a path forgets what lies at and below it, whatever the query",
    "with absentTtl a 404 is stored, with its status",
    "an empty body is stored as one",
    "of fifty requests at once for a missing response, one runs the handler and all are answered from it",
  ];
  expect(await broken(noCache, sentences)).toEqual(sentences);
});

test("a door that keeps everything for everybody is found out", async () => {
  const sentences = [
    "two people never share a response that varies by person",
    "nobody and somebody never share a response that varies by person",
    "credentials go past a route that does not say how it varies, and leave nothing behind",
    "a header that the route names is part of the key, and of Vary",
    "a response that varies by a header the route does not name is not stored",
    "a response that sets a cookie is not stored, and keeps all its cookies",
    "a response that says private, no-store or a lifetime of 0 is not stored, and says so to the client",
    "another status than 200 is not stored, and reaches the client unharmed",
    "a change of a tag has the handler run again, a change of another does not",
    "a write says its position, and whoever presents that reads what was written",
    "a change during a handler's run keeps its response from being answered to others",
  ];
  expect(await broken(keepsEverything, sentences)).toEqual(sentences);
});

test("a sentence that there is not cannot be skipped, and one that is skipped is not run", () => {
  const names: string[] = [];
  const runner = Object.assign((name: string) => void names.push(name), {
    skip: (name: string) => void names.push(`- ${name}`),
  });
  const open = doorWith(noCache);
  expect(() => doorSuite({ test: runner, open, skip: { "no such": "why" } })).toThrow(/no such/);
  doorSuite({ test: runner, open, skip: { "a 204 passes": "it has no 204" } });
  expect(names).toContain("- a 204 passes (skipped: it has no 204)");
  expect(names).not.toContain("a 204 passes");
});
