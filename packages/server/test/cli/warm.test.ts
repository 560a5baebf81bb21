import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { cached, liveErrors, liveRoutes } from "../../src/express/express.ts";
import { runCommand } from "./run-command.ts";

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const cli = runCommand;

test("it fills the cache of a real application, once, and says what was there already", async () => {
  const live = createLive();
  onTestFinished(() => live.close());
  const app = express();
  let loads = 0;
  app.use(liveRoutes(live));
  app.get("/rooms/:id", cached(live, { ttl: "5m" }), (request, response) => {
    loads++;
    response.json({ id: request.params.id });
  });
  app.get("/paths", (_request, response) => void response.json(["/rooms/1", "/rooms/3"]));
  app.get("/plain", (_request, response) => void response.send("not cached"));
  app.use(liveErrors());
  const url = await listen(app);
  const argv = ["warm", "--url", url, "--paths", "/rooms/1,/rooms/2", "--from-json", "/paths", "/plain"];

  const first = await cli([...argv, "--json"]);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.out)).toMatchObject({ done: 4, stored: 3, hit: 0, notStored: 1, failed: 0 });
  expect(first.err.split("\n").filter((line) => line.startsWith("stored "))).toHaveLength(3);
  expect(first.err).toMatch(/^not-stored +\d+ ms {2}\/plain$/m);

  const second = await cli(argv);
  expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/0 stored, 3 there already, 1 not/) });
  expect(loads).toBe(3);
});

test("an application can warm its own pages, as the people who see them", async () => {
  const live = createLive({ identify: ({ headers }) => ({ userId: "u", role: String(headers["x-role"]) }) });
  onTestFinished(() => live.close());
  const app = express();
  app.use(liveRoutes(live));
  app.get("/rooms", cached(live, { ttl: "5m", vary: ["role"] }), (request, response) => {
    if (request.get("x-role") === "nobody") response.status(403);
    response.json(request.get("x-role"));
  });
  app.use(liveErrors());
  const origin = await listen(app);
  const page = (role: string) => ({ url: `${origin}/rooms`, headers: { "x-role": role } });
  const pages = ["student", "warden", "student", "nobody"].map(page);
  const summary = await live.cache.warm([...pages, { url: "no address" }], { concurrency: 1 });
  expect(summary).toMatchObject({ done: 5, loaded: 2, alreadyThere: 1, failed: 2 });
  expect(summary.failures).toMatchObject([
    { key: "/rooms", error: { message: "HTTP 403" } },
    { key: "no address", error: { message: "Invalid URL" } },
  ]);
});

test("it sends the headers, keeps connections, and has no more under way than it was told", async () => {
  const seen = { tokens: new Set<unknown>(), sockets: new Set<unknown>(), now: 0, most: 0 };
  const url = await listen((request, response) => {
    seen.tokens.add(request.headers["authorization"]);
    seen.sockets.add(request.socket);
    seen.most = Math.max(seen.most, ++seen.now);
    setImmediate(() => {
      seen.now--;
      response.end("ok");
    });
  });
  const paths = Array.from({ length: 60 }, (_, index) => `/${index}`).join(",");
  const argv = ["warm", "--url", url, "--paths", paths, "--header", "authorization: Bearer abc"];
  expect(await cli([...argv, "--concurrency", "3"])).toMatchObject({ code: 0 });
  expect([...seen.tokens]).toEqual(["Bearer abc"]);
  expect(seen.most).toBeLessThanOrEqual(3);
  expect(seen.sockets.size).toBeLessThanOrEqual(6);
});

test("failures are counted and told, the others go on, and the exit code is 1", async () => {
  const url = await listen((request, response) => {
    if (request.url === "/hangs") return;
    if (request.url === "/moved") response.writeHead(302, { location: "/else" });
    if (request.url === "/broken") response.statusCode = 500;
    response.end();
  });
  const paths = "/broken,/moved,/hangs,/fine";
  const { code, out } = await cli(["warm", "--url", url, "--paths", paths, "--timeout", "300ms", "--json"]);
  expect(code).toBe(1);
  const round = JSON.parse(out) as { failures: { path: string; error: string }[] };
  expect(round).toMatchObject({ done: 4, failed: 3, notStored: 1 });
  const errors = Object.fromEntries(round.failures.map(({ path, error }) => [path, error]));
  expect(errors).toEqual({
    "/broken": "HTTP 500",
    "/moved": "HTTP 302 to /else",
    "/hangs": "no answer within 300 ms",
  });
  expect(await cli(["warm", "--url", "http://127.0.0.1:1", "/x"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^failed .*\/x \(.+\)/),
  });
});

test("a terminal gets a bar in place", async () => {
  const url = await listen((_request, response) => void response.end());
  const { err } = await cli(["warm", "--url", url, "--paths", "/a,/b", "--concurrency", "1"], {
    isTTY: true,
  });
  const shown = err.split("\r\u001b[K").filter((text) => text !== "");
  expect(shown).toHaveLength(2);
  expect(shown[0]).toMatch(/^█{15}░{15} 1\/2 \/a$/);
  expect(shown[1]).toMatch(/^█{30} 2\/2 \/b$/);
});

test("a list is read from a file, without remarks and repetitions", async () => {
  const folder = await mkdtemp(join(tmpdir(), "livecache-cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "paths.txt");
  await writeFile(file, "# rooms\n/a\r\n\n  /b?x=1 \n/a\n");
  const asked: unknown[] = [];
  const url = await listen((request, response) => {
    asked.push(request.url);
    response.end();
  });
  expect(await cli(["warm", "--url", url, "--list", file, "--concurrency", "1"])).toMatchObject({ code: 0 });
  expect(asked).toEqual(["/a", "/b?x=1"]);
  const missing = await cli(["warm", "--url", url, "--list", join(folder, "none")]);
  expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/ENOENT/) });
  const other = await cli(["warm", "--url", url, "--list", file, "http://elsewhere.test/a"]);
  expect(other).toMatchObject({ code: 1, err: expect.stringMatching(/expected a path of http:/) });
  const noList = await cli(["warm", "--url", url, "--from-json", "/a"]);
  expect(noList).toMatchObject({ code: 1, err: expect.stringMatching(/expected a JSON list of paths/) });
});

test("with --every it goes on until it is stopped", async () => {
  const stop = new AbortController();
  let requests = 0;
  const url = await listen((_request, response) => {
    if (++requests === 3) stop.abort();
    response.end();
  });
  const { out } = await cli(["warm", "--url", url, "/a", "--every", "5ms", "--json"], {
    signal: stop.signal,
  });
  expect(requests).toBe(3);
  expect(out.trim().split("\n")).toHaveLength(3);
});

test.each([
  [["wram"], /unknown command .wram.[\s\S]*Did you mean warm/],
  [["warm", "/a"], /--url: expected an address/],
  [["warm", "--url", "ftp://x", "/a"], /--url: expected an address/],
  [["warm", "--url", "http://x"], /paths, --list or --from-json/],
  [["warm", "--url", "http://x", "/a", "--concurrency", "65"], /whole number from 1 to 64/],
  [["warm", "--url", "http://x", "/a", "--concurrency", "0"], /whole number from 1 to 64/],
  [["warm", "--url", "http://x", "/a", "--every", "5"], /--every: expected a duration/],
  [["warm", "--url", "http://x", "/a", "--header", "secret"], /--header: expected "name: value"/],
  [["warm", "--url", "http://x", "/a", "--colour"], /--colour/],
])("%j is refused with exit code 2", async (argv, message) => {
  expect(await cli(argv)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
});

test("help is printed when asked for, and when nothing is", async () => {
  for (const argv of [[], ["--help"]]) {
    expect(await cli(argv)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: livecache \[options]/),
    });
  }
  expect(await cli(["warm", "-h"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/--concurrency <n>/),
  });
});

test("the command itself runs until it is told to stop, and leaves with its exit code", async () => {
  let requests = 0;
  const url = await listen((_request, response) => {
    requests++;
    response.end();
  });
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const child = spawn(process.execPath, [main, "warm", "--url", url, "/a", "--every", "20ms"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await expect.poll(() => requests, { timeout: 20_000 }).toBeGreaterThan(2);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);

  const failing = spawn(process.execPath, [main, "warm", "--url", "http://127.0.0.1:1", "/a"]);
  expect(await once(failing, "exit")).toEqual([1, null]);
});
