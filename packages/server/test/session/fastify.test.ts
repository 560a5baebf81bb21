import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fastifyCookie from "@fastify/cookie";
import fastifySession from "@fastify/session";
import fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { liveErrors, readSession, sessionSettings, signIn, signOut } from "../../src/fastify/fastify.ts";
import type { SessionConflict, SessionSettings } from "../../src/fastify/fastify.ts";
import { LiveError, createLive } from "../../src/index.ts";
import { SECRET, openBrowser, openLatch } from "./session-site.ts";

type Fields = Record<string, unknown>;

async function serve(settings: Partial<SessionSettings> = {}, latch = openLatch()) {
  const live = createLive();
  const app = fastify({ trustProxy: "127.0.0.1" });
  onTestFinished(async () => {
    await app.close();
    await live.close();
  });
  app.setErrorHandler(liveErrors());
  await app.register(fastifyCookie);
  await app.register(fastifySession, sessionSettings(live, { secret: SECRET, ...settings }));
  const see = (session: object, id: string): Fields => ({
    ...JSON.parse(JSON.stringify(session)),
    cookie: undefined,
    id,
  });
  app.get("/see", async ({ session }) => see(session, session.sessionId));
  app.get("/put", async ({ session, query }) => see(Object.assign(session, query), session.sessionId));
  app.get("/hold", async ({ session, query }) => {
    Object.assign(session, query);
    latch.enter();
    await latch.opened;
    return see(session, session.sessionId);
  });
  app.get("/sign-in", async (request) => {
    await signIn(request, { userId: (request.query as { user: string }).user, keep: ["cart"] });
    return see(request.session, request.session.sessionId);
  });
  app.get("/sign-out", async (request) => {
    await signOut(request);
    return { ended: true };
  });
  return { live, latch, url: await app.listen({ host: "127.0.0.1", port: 0 }) };
}

test("a session is kept over requests, in a cookie that only this host can set, which readSession reads", async () => {
  const { live, url } = await serve();
  const browser = openBrowser(url);
  expect((await browser.ask("/see")).setCookie).toBeNull();
  const { setCookie, body } = await browser.ask("/put?cart=7");
  expect(setCookie).toMatch(/^__Host-session=s%3A.*Path=\/; .*HttpOnly; Secure; SameSite=Lax/);
  expect((await browser.ask("/see")).body).toEqual({ id: body.id, cart: "7" });
  const stored = await readSession(live.sessions, { cookie: browser.cookie }, { secret: SECRET });
  expect(stored).toMatchObject({ id: body.id, data: { cart: "7" } });
});

test("requests at a time that change different properties are all saved; a request that changes nothing saves nothing", async () => {
  const { live, latch, url } = await serve();
  const browser = openBrowser(url);
  const { body } = await browser.ask("/put?name=ana");
  const slow = openBrowser(url, browser.cookie).ask("/hold?theme=dark");
  await latch.entered;
  await browser.ask("/put?cart=3");
  latch.open();
  await slow;
  expect((await browser.ask("/see")).body).toMatchObject({ name: "ana", theme: "dark", cart: "3" });
  const before = await live.sessions.read(body.id);
  for (let count = 0; count < 5; count++) await browser.ask("/see");
  expect(await live.sessions.read(body.id)).toEqual(before);
});

test("a late save does not bring back a session that has ended", async () => {
  const told: SessionConflict[] = [];
  const store = { onConflict: (conflict: SessionConflict) => void told.push(conflict) };
  const { live, latch, url } = await serve({ store });
  const browser = openBrowser(url);
  const { body } = await browser.ask("/put?name=ana");
  const slow = openBrowser(url, browser.cookie).ask("/hold?cart=3");
  await latch.entered;
  await browser.ask("/sign-out");
  latch.open();
  await slow;
  expect(await live.sessions.read(body.id)).toBeUndefined();
  expect(told).toEqual([{ id: body.id, reason: "ended", fields: ["cart"] }]);
});

test("signing in gives a new id in one step, and leaves the old one nothing of the user", async () => {
  const { live, url } = await serve();
  const browser = openBrowser(url);
  const before = await browser.ask("/put?cart=3&secretly=x");
  const attacker = openBrowser(url, browser.cookie);
  const after = await browser.ask("/sign-in?user=ana");
  expect(after.body).toEqual({ id: expect.any(String), cart: "3", userId: "ana" });
  expect(after.body.id).not.toBe(before.body.id);
  expect((await browser.ask("/see")).body).toEqual(after.body);
  const seen = (await attacker.ask("/see")).body;
  expect(seen).toMatchObject({ id: before.body.id, cart: "3" });
  expect(seen).not.toHaveProperty("userId");
  expect((await live.sessions.of("ana")).map(({ id }) => id)).toEqual([after.body.id]);
});

test("somebody who comes without a session can sign in, and a second sign-in ends the first session", async () => {
  const { live, url } = await serve();
  const browser = openBrowser(url);
  await browser.ask("/sign-in?user=ana");
  const again = await browser.ask("/sign-in?user=ben");
  expect((await browser.ask("/see")).body).toMatchObject({ userId: "ben" });
  expect(await live.sessions.of("ana")).toEqual([]);
  expect((await live.sessions.of("ben")).map(({ id }) => id)).toEqual([again.body.id]);
});

test("signing in needs a request with a store of ours", async () => {
  const session = { sessionId: "x", regenerate: async () => undefined, destroy: async () => undefined };
  await expect(signIn({ session, sessionStore: {} }, { userId: "ana" })).rejects.toThrow(/another store/);
  await expect(signOut({ session, sessionStore: undefined })).rejects.toThrow(/without sessions/);
});

test("a sign-in that failed does not come true at the end of the request", async () => {
  const { live, url } = await serve();
  const broken = new LiveError("LIVE_GROUND_AWAY", "away");
  const { rotate, create } = live.sessions;
  const sessions = live.sessions as { rotate: typeof rotate; create: typeof create };
  let refusals = 0;
  // The ground is away for the sign-in, and back when the request ends.
  const refuse = async (): Promise<never> => {
    refusals += 1;
    sessions.create = create;
    sessions.rotate = rotate;
    throw broken;
  };
  sessions.rotate = refuse;
  const browser = openBrowser(url);
  expect((await browser.ask("/sign-in?user=ana")).status).toBe(503);
  expect(refusals).toBe(1);
  expect(await live.sessions.of("ana")).toEqual([]);
  expect((await browser.ask("/see")).body).not.toHaveProperty("userId");
});

test("livecache/fastify is loaded where express and express-session are not installed", async () => {
  const door = new URL("../../dist/fastify/fastify.js", import.meta.url);
  const hooks = `export const resolve = (name, context, next) => {
    if (/^express/.test(name)) throw new Error(name + " is not installed");
    return next(name, context);
  };`;
  const program = `import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hooks)}));
    const found = await import("express-session").then(() => "found", () => "missing");
    const { createSessionStore } = await import(${JSON.stringify(door.href)});
    console.log(found, typeof createSessionStore);`;
  const args = ["--input-type=module", "--eval", program];
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  expect(stdout.trim()).toBe("missing function");
});
