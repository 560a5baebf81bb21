import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createConsole } from "@livecache/console";
import type { ConsoleHandler } from "@livecache/console";
import express from "express";
import { createLive } from "livecache";
import type { Operator } from "livecache/operations";
import { expect, onTestFinished, test } from "vitest";

const ADA: Operator = { name: "Ada", role: "act" };
const asAda = { headers: { "x-operator": "ada" } };
const guard = (req: { headers: Record<string, unknown> }): Operator | undefined =>
  req.headers["x-operator"] === "ada" ? ADA : undefined;

function openLive() {
  const live = createLive();
  onTestFinished(() => live.close());
  return live;
}

async function listen(handler: (...args: Parameters<ConsoleHandler<never>>) => void): Promise<string> {
  const http = createServer(handler as never);
  await new Promise<void>((resolve) => void http.listen(0, resolve));
  onTestFinished(() => void http.close());
  return `http://localhost:${(http.address() as AddressInfo).port}`;
}

/** The console in the ways in which it can be mounted. */
const MOUNTS = {
  "below a path of Express": async () => {
    const app = express();
    app.use("/a/b", createConsole(openLive(), { guard, title: "Desk <1>" }));
    return `${await listen(app as never)}/a/b`;
  },
  "below a router of Express": async () => {
    const router = express.Router();
    router.use("/b", createConsole(openLive(), { guard, title: "Desk <1>" }));
    const app = express();
    app.use("/a", router);
    return `${await listen(app as never)}/a/b`;
  },
  "on a plain server below a path": async () =>
    `${await listen(createConsole(openLive(), { guard, title: "Desk <1>", path: "/a/b" }) as never)}/a/b`,
  "on a plain server by itself": async () =>
    listen(createConsole(openLive(), { guard, title: "Desk <1>" }) as never),
};

test.each(Object.entries(MOUNTS))(
  "mounted %s it serves its pages, and what they ask for",
  async (...[, open]) => {
    const url = await open();
    const page = await fetch(`${url}?x=1`, asAda);
    expect(new URL(page.url).pathname).toMatch(/\/$/);
    const html = await page.text();
    expect(html).toContain("<title>Desk &#60;1&#62;</title>");
    const files = [...html.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const answer = await fetch(new URL(file, page.url), asAda);
      expect([file, answer.status]).toEqual([file, 200]);
      await answer.arrayBuffer();
    }
    expect(await (await fetch(`${url}/api/about`, asAda)).json()).toEqual({
      ...{ title: "Desk <1>", others: [], values: false, operator: { name: "Ada", role: "act" } },
    });
    const nodes = await fetch(`${url}/api/nodes`, asAda);
    expect([nodes.status, nodes.headers.get("server-timing")]).toEqual([
      200,
      expect.stringMatching(/^livecache;dur=/),
    ]);
    const made = await fetch(`${url}/api/change`, {
      method: "POST",
      headers: { ...asAda.headers, "content-type": "application/json" },
      body: JSON.stringify({ tags: ["a"], reason: "tried out" }),
    });
    expect(await made.json()).toMatchObject({ scope: "cluster" });
  },
);

test("whoever is nobody finds a page that says so, and nothing else", async () => {
  const live = openLive();
  const url = await listen(createConsole(live, { guard, title: "Desk", signIn: "/sign-in" }) as never);
  for (const path of ["/", "/icon.svg", "/api/about"]) {
    const answer = await fetch(url + path);
    const text = await answer.text();
    expect([path, answer.status]).toEqual([path, 401]);
    expect(text).toContain('<a href="/sign-in">Sign in</a>');
    expect(answer.headers.get("content-security-policy")).toContain("style-src 'sha256-");
  }
  expect((await fetch(`${url}/api/nodes`)).status).toBe(401);
});

test("nothing but its own files may run, and nobody may frame it", async () => {
  const url = await listen(createConsole(openLive(), { guard }) as never);
  const { headers } = await fetch(url, asAda);
  const policy = headers.get("content-security-policy")!;
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("no-cache");
});

test("assets are kept for ever, and come as small as they can", async () => {
  const url = await listen(createConsole(openLive(), { guard }) as never);
  const html = await (await fetch(url, asAda)).text();
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)![1]!;
  const answer = await fetch(`${url}/${script}`, asAda);
  expect(answer.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  const plain = await fetch(`${url}/${script}`, {
    headers: { ...asAda.headers, "accept-encoding": "identity" },
  });
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect((await plain.arrayBuffer()).byteLength).toBe((await answer.arrayBuffer()).byteLength);
});

test("what it does not know is left to the application, or not found", async () => {
  const app = express();
  app.use("/ops", createConsole(openLive(), { guard }));
  const url = await listen(app as never);
  for (const path of ["/ops/nothing", "/ops/assets/../../package.json", "/ops/api/nothing"]) {
    expect([path, (await fetch(url + path, asAda)).status]).toEqual([path, 404]);
  }
  expect((await fetch(`${url}/ops/`, { ...asAda, method: "PUT" })).status).toBe(404);
});

test("a guard that fails lets nobody in", async () => {
  const warnings: string[] = [];
  const live = createLive({ logger: { warn: (message: string) => void warnings.push(message) } as never });
  onTestFinished(() => live.close());
  const failing = (): never => {
    throw new Error("no database");
  };
  const url = await listen(createConsole(live, { guard: failing }) as never);
  for (const path of ["/", "/api/about", "/api/nodes"]) expect((await fetch(url + path)).status).toBe(500);
});

test.each([
  ["no guard", {}, /guard/],
  ["a guard that is none", { guard: "admin" }, /guard/],
  ["an option that is none", { guard, gaurd: 1 }, /gaurd/],
  ["an empty title", { guard, title: " " }, /title/],
  ["a path without a slash", { guard, path: "livecache" }, /path/],
  ["a path that ends with one", { guard, path: "/livecache/" }, /path/],
  ["a link that runs", { guard, others: [{ title: "x", href: "javascript:alert(1)" }] }, /others/],
  ["a link to sign in that runs", { guard, signIn: "javascript:alert(1)" }, /signIn/],
  ["nothing", undefined, /object/],
])("%s is refused in words", (...[, options, words]) => {
  expect(() => createConsole(openLive(), options as never)).toThrow(words);
});
