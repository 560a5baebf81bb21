import { expect, test, vi } from "vitest";
import type { SessionHost } from "../../src/http/session-saves.ts";
import type { SessionConflict } from "../../src/session/session.ts";
import { openBrowser, openLatch, ours, serve, usualRoutes } from "./session-site.ts";

/** Opens one node, for one test. */
export type OpenHost = () => Promise<SessionHost>;

/** What holds behind express-session on every ground. */
export function expressCases(openHost: OpenHost): void {
  cookieCases(openHost);
  savingCases(openHost);
  endingCases(openHost);
  signInCases(openHost);
  touchCases(openHost);
}

/** What the cookie says, and which is believed. */
function cookieCases(openHost: OpenHost): void {
  test("nothing is stored or set for visitors who leave nothing in their session", async () => {
    const live = await openHost();
    const url = await serve(ours(live), usualRoutes(live));
    expect((await openBrowser(url).ask("/see")).setCookie).toBeNull();
    expect(await live.sessions.length()).toBe(0);
  });

  test("a session is kept over requests, in a cookie that only this host can set", async () => {
    const live = await openHost();
    const browser = openBrowser(await serve(ours(live), usualRoutes(live)));
    const { setCookie, body } = await browser.ask("/put?cart=7");
    expect(setCookie).toMatch(/^__Host-session=s%3A/);
    for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Expires="])
      expect(setCookie).toContain(part);
    expect(setCookie).not.toContain("Domain");
    expect(Buffer.from(body.id, "base64url")).toHaveLength(32);
    expect((await browser.ask("/see")).body).toEqual({ id: body.id, cart: "7" });
  });

  test("a cookie is not set without TLS, unless the settings say so", async () => {
    const live = await openHost();
    const headers = { "x-forwarded-proto": "http" };
    const strict = openBrowser(await serve(ours(live), usualRoutes(live)));
    expect((await strict.ask("/put?a=1", { headers })).setCookie).toBeNull();
    const plain = openBrowser(await serve(ours(live, { plainHttp: true }), usualRoutes(live)));
    const { setCookie } = await plain.ask("/put?a=1", { headers });
    expect(setCookie).toMatch(/^session=/);
    expect(setCookie).not.toContain("Secure");
  });

  test("two different cookies of the name count as none", async () => {
    const live = await openHost();
    const url = await serve(ours(live, { name: "sid" }), usualRoutes(live));
    const [victim, attacker] = [openBrowser(url), openBrowser(url)];
    await victim.ask("/sign-in?user=victim");
    await attacker.ask("/sign-in?user=attacker");
    const tossed = openBrowser(url, `${attacker.cookie}; ${victim.cookie}`);
    expect((await tossed.ask("/see")).body).not.toHaveProperty("userId");
    const twice = openBrowser(url, `other=1; ${victim.cookie}; ${victim.cookie}`);
    expect((await twice.ask("/see")).body).toMatchObject({ userId: "victim" });
  });

  test("secrets rotate: the first signs, all are believed", async () => {
    const live = await openHost();
    const older = "aQ3-tR8_uW2xZ5yB7nM4kL6jH9gF1dSe";
    const before = openBrowser(await serve(ours(live, { secret: older }), usualRoutes(live)));
    await before.ask("/sign-in?user=ana");
    const newer = "zP0oI9uY8tR7eW6qA5sD4fG3hJ2kL1mN";
    const rotated = openBrowser(
      await serve(ours(live, { secret: [newer, older] }), usualRoutes(live)),
      before.cookie,
    );
    expect((await rotated.ask("/see")).body).toMatchObject({ userId: "ana" });
    const dropped = openBrowser(await serve(ours(live, { secret: newer }), usualRoutes(live)), before.cookie);
    expect((await dropped.ask("/see")).body).not.toHaveProperty("userId");
  });
}

/** What is saved of requests at a time. */
function savingCases(openHost: OpenHost): void {
  test("requests at a time that change different properties are all saved", async () => {
    const live = await openHost();
    const latch = openLatch();
    const browser = openBrowser(await serve(ours(live), usualRoutes(live, latch)));
    await browser.ask("/put?name=ana");
    const slow = browser.ask("/hold?theme=dark");
    await latch.entered;
    await browser.ask("/put?cart=3");
    latch.open();
    await slow;
    expect((await browser.ask("/see")).body).toMatchObject({ name: "ana", theme: "dark", cart: "3" });
  });

  test("two requests that change one property are told of, and the later one wins, or is refused", async () => {
    const live = await openHost();
    for (const conflicts of ["overwrite", "refuse"] as const) {
      const latch = openLatch();
      const told: SessionConflict[] = [];
      const store = { conflicts, onConflict: (conflict: SessionConflict) => void told.push(conflict) };
      const browser = openBrowser(await serve(ours(live, { store }), usualRoutes(live, latch)));
      const { body } = await browser.ask("/put?theme=plain");
      const slow = browser.ask("/hold?theme=dark").catch(() => undefined);
      await latch.entered;
      await browser.ask("/put?theme=light");
      latch.open();
      await slow;
      expect(told).toEqual([{ id: body.id, reason: "changed", fields: ["theme"] }]);
      const kept = conflicts === "overwrite" ? "dark" : "light";
      await vi.waitFor(async () => expect((await browser.ask("/see")).body.theme).toBe(kept));
    }
  });

  test("properties can be removed, and values of all kinds come back", async () => {
    const live = await openHost();
    const browser = openBrowser(
      await serve(ours(live), (app) => {
        usualRoutes(live)(app);
        app.get("/many", (req, res) => {
          Object.assign(req.session, {
            list: [1, { a: null }],
            no: false,
            zero: 0,
            text: "ü",
            nothing: null,
          });
          res.json({});
        });
        app.get("/fewer", (req, res) => {
          const fields = req.session as unknown as { list?: unknown[]; no?: boolean };
          delete fields.no;
          fields.list!.push("more");
          res.json({});
        });
      }),
    );
    await browser.ask("/many");
    await browser.ask("/fewer");
    const { id: _id, ...data } = (await browser.ask("/see")).body;
    expect(data).toEqual({ list: [1, { a: null }, "more"], zero: 0, text: "ü", nothing: null });
  });
}

/** What has ended stays ended. */
function endingCases(openHost: OpenHost): void {
  test("a late save does not bring back a session that has ended", async () => {
    const live = await openHost();
    const latch = openLatch();
    const told: SessionConflict[] = [];
    const store = { onConflict: (conflict: SessionConflict) => void told.push(conflict) };
    const browser = openBrowser(await serve(ours(live, { store }), usualRoutes(live, latch)));
    const { body } = await browser.ask("/put?name=ana");
    const slow = browser.ask("/hold?cart=3");
    await latch.entered;
    await browser.ask("/sign-out");
    latch.open();
    await slow;
    expect(await live.sessions.read(body.id)).toBeUndefined();
    expect(told).toEqual([{ id: body.id, reason: "ended", fields: ["cart"] }]);
    expect((await browser.ask("/see")).body).not.toHaveProperty("name");
  });

  test("signing out everywhere ends all sessions of a user, and only those", async () => {
    const live = await openHost();
    const url = await serve(ours(live), usualRoutes(live));
    const [phone, laptop, other] = [openBrowser(url), openBrowser(url), openBrowser(url)];
    await phone.ask("/sign-in?user=ana");
    await laptop.ask("/sign-in?user=ana");
    await other.ask("/sign-in?user=ben");
    expect((await other.ask("/everywhere?user=ana")).body).toEqual({ ended: 2 });
    expect((await phone.ask("/see")).body).not.toHaveProperty("userId");
    expect((await laptop.ask("/see")).body).not.toHaveProperty("userId");
    expect((await other.ask("/see")).body).toMatchObject({ userId: "ben" });
  });

  test("a session ends after its idle time", async () => {
    const live = await openHost();
    const browser = openBrowser(await serve(ours(live, { idle: "300ms" }), usualRoutes(live)));
    const { body } = await browser.ask("/put?name=ana");
    expect((await live.sessions.read(body.id))!.data).toMatchObject({ name: "ana" });
    await vi.waitFor(async () => expect(await live.sessions.read(body.id)).toBeUndefined());
    const again = await browser.ask("/see");
    expect(again.body).not.toHaveProperty("name");
    expect(again.body.id).not.toBe(body.id);
  });

  test("the store tells all, their number, and ends all", async () => {
    const live = await openHost();
    const options = ours(live);
    const url = await serve(options, usualRoutes(live));
    await openBrowser(url).ask("/put?name=ana");
    await openBrowser(url).ask("/put?name=ben");
    const { store } = options;
    const all = await new Promise<object>((resolve) => store!.all!((_error, found) => resolve(found!)));
    expect(
      Object.values(all)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["ana", "ben"]);
    const length = () => new Promise((resolve) => store!.length!((_error, count) => resolve(count)));
    expect(await length()).toBe(2);
    await new Promise((resolve) => store!.clear!(resolve));
    expect(await length()).toBe(0);
  });
}

/** What signing in does to ids. */
function signInCases(openHost: OpenHost): void {
  test("signing in gives a new id, keeps what it is told to keep, and leaves the old id nothing of the user", async () => {
    const live = await openHost();
    const url = await serve(ours(live), usualRoutes(live));
    const browser = openBrowser(url);
    const before = await browser.ask("/put?cart=3&secretly=x");
    const attacker = openBrowser(url, browser.cookie);
    const after = await browser.ask("/sign-in?user=ana");
    expect(after.body).toEqual({ id: expect.any(String), cart: "3", userId: "ana" });
    expect(after.body.id).not.toBe(before.body.id);
    expect((await browser.ask("/see")).body).toEqual(after.body);
    expect((await attacker.ask("/see")).body).not.toHaveProperty("userId");
    expect((await live.sessions.read(after.body.id))?.userId).toBe("ana");
  });

  test("a request on its way with the old id goes on reading, and saves nothing", async () => {
    const live = await openHost();
    const latch = openLatch();
    const url = await serve(ours(live), usualRoutes(live, latch));
    const browser = openBrowser(url);
    await browser.ask("/put?cart=3");
    const old = openBrowser(url, browser.cookie);
    const slow = old.ask("/hold?cart=9");
    await latch.entered;
    await browser.ask("/sign-in?user=ana");
    expect((await openBrowser(url, old.cookie).ask("/see")).body).toMatchObject({ cart: "3" });
    latch.open();
    expect((await slow).status).toBe(200);
    expect((await browser.ask("/see")).body).toMatchObject({ cart: "3", userId: "ana" });
  });
}

/** What a request costs that changes nothing. */
function touchCases(openHost: OpenHost): void {
  test("a request that changes nothing writes nothing", async () => {
    const live = await openHost();
    const browser = openBrowser(await serve(ours(live), usualRoutes(live)));
    const { body } = await browser.ask("/sign-in?user=ana");
    const before = await live.sessions.read(body.id);
    for (let count = 0; count < 20; count++) await browser.ask("/see");
    expect(await live.sessions.read(body.id)).toEqual(before);
  });

  test("with a budget of 0 each request moves the end, and the cookie says so", async () => {
    const live = await openHost();
    const options = ours(live, { store: { touchBudget: 0 } });
    const browser = openBrowser(await serve(options, usualRoutes(live)));
    const { body } = await browser.ask("/put?a=1");
    const before = await live.sessions.read(body.id);
    await vi.waitFor(async () => {
      await browser.ask("/see");
      const after = await live.sessions.read(body.id);
      expect(after!.expiresAtMs).toBeGreaterThan(before!.expiresAtMs);
      expect(after!.version).toBe(before!.version);
    });
  });
}
