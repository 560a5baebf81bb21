import { createLiveClient } from "@livecache/client";
import type { RunningServer } from "example-kit/run-server";
import { visitorWith } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { CachesAnswer, SessionAnswer, TokenAnswer } from "../src/answers.ts";
import type { SchoolContract } from "../src/contract.ts";
import { liveClientOf, openSchool, read, soon, visit } from "./support/visitor.ts";

let server: RunningServer;

beforeAll(async () => {
  server = await openSchool();
});

afterAll(() => server?.close());

const credentials = (name: string, role: string) => ({
  email: `${name}@demo.test`,
  password: `demo-${role}`,
});
const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

async function tokenOf(name: string, role: string): Promise<TokenAnswer> {
  const response = await visitorWith(server.url, "").send("POST /api/tokens", credentials(name, role));
  expect(response.status).toBe(201);
  return (await response.json()) as TokenAnswer;
}

const cookiesOf = (response: Response): string[] => response.headers.getSetCookie();

test("signing in gives a page two cookies that scripts cannot read: a short one, and one that renews it", async () => {
  const nobody = visitorWith(server.url, "");
  const response = await nobody.send("POST /api/session", credentials("Otto", "student"));
  const [page, renewal] = cookiesOf(response);
  expect(page).toMatch(/^school_session=.*Max-Age=900; Path=\/; .*HttpOnly; SameSite=Lax/);
  expect(renewal).toMatch(/^school_renewal=.*Path=\/api\/session; .*HttpOnly; SameSite=Lax/);
  const { person, rights } = (await response.json()) as SessionAnswer;
  expect(person).toMatchObject({ userId: "otto", role: "student", classIds: ["elm-7a"] });
  expect(rights).toEqual(["grades:read"]);
});

test("a page whose token has run out is renewed by the other cookie, and that one opens nothing else", async () => {
  const otto = await visit(server.url, "otto");
  const renewal = otto.cookie.split("; ").find((pair) => pair.startsWith("school_renewal="))!;
  const tired = visitorWith(server.url, renewal);
  expect((await tired.get("/api/dashboard")).status).toBe(401);
  const renewed = await tired.send("POST /api/session/renewal");
  const fresh = visitorWith(server.url, cookiesOf(renewed)[0]!.split(";")[0]!);
  expect((await fresh.get("/api/dashboard")).status).toBe(200);
  // A reload asks who one is, which is enough.
  expect((await read<SessionAnswer>(tired, "/api/session")).person).toMatchObject({ userId: "otto" });
  // The short token cannot prolong itself.
  const copied = visitorWith(server.url, otto.cookie.split("; ")[0]!);
  expect((await copied.get("/api/dashboard")).status).toBe(200);
  expect((await copied.send("POST /api/session/renewal")).status).toBe(401);
  // Under the other's name it is nothing.
  const mixed = visitorWith(server.url, renewal.replace("school_renewal", "school_session"));
  expect((await mixed.get("/api/dashboard")).status).toBe(401);
  expect((await visitorWith(server.url, "").send("POST /api/session/renewal")).status).toBe(401);
});

test("whoever signs out gives back every token of that sign-in, at once, and no other", async () => {
  const [here, elsewhere] = [await visit(server.url, "pavel"), await visit(server.url, "pavel")];
  const { socketToken } = await read<SessionAnswer>(here, "/api/session");
  const client = liveClientOf(server.url, here);
  client.channel("school/:schoolId", { schoolId: "elm" });
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect((await here.send("DELETE /api/session")).status).toBe(200);
  expect((await here.get("/api/dashboard")).status).toBe(401);
  expect((await here.send("POST /api/session/renewal")).status).toBe(401);
  expect(await read(here, "/api/session")).toEqual({ person: null });
  expect((await elsewhere.get("/api/dashboard")).status).toBe(200);
  await soon(() => expect(client.connection.getSnapshot()).toMatchObject({ code: "LIVE_IDENTITY_ENDED" }));
  const late = await fetch(`${server.url}/api/dashboard`, { headers: withToken(socketToken!) });
  expect(late.status).toBe(401);
});

test("a program has a token for an hour, and gives it back", async () => {
  const { token, expiresAt } = await tokenOf("hana", "teacher");
  expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(5_000);
  const nobody = visitorWith(server.url, "");
  expect((await nobody.get("/api/dashboard", withToken(token))).status).toBe(200);
  const before = await read<CachesAnswer>(await visit(server.url, "noor"), "/api/caches");
  expect((await nobody.send("DELETE /api/tokens", undefined, withToken(token))).status).toBe(200);
  const after = await nobody.get("/api/dashboard", withToken(token));
  expect(after.status).toBe(401);
  expect(after.headers.get("content-type")).toContain("application/problem+json");
  const caches = await read<CachesAnswer>(await visit(server.url, "noor"), "/api/caches");
  expect(caches.revoked).toBe(before.revoked + 1);
});

test("signing out everywhere ends pages and programs of the person, and nobody else's", async () => {
  const [lena, samuel] = [await visit(server.url, "lena"), await visit(server.url, "samuel")];
  const { token } = await tokenOf("lena", "parent");
  expect((await lena.send("DELETE /api/sessions")).status).toBe(200);
  expect((await lena.get("/api/dashboard")).status).toBe(401);
  expect((await lena.send("POST /api/session/renewal")).status).toBe(401);
  expect((await visitorWith(server.url, "").get("/api/dashboard", withToken(token))).status).toBe(401);
  expect((await samuel.get("/api/dashboard")).status).toBe(200);
});

test("a page's socket has a token of its own, which opens sockets and nothing else", async () => {
  const { socketToken } = await read<SessionAnswer>(await visit(server.url, "otto"), "/api/session");
  const client = createLiveClient<SchoolContract>({
    url: server.url,
    socket: { auth: () => ({ token: socketToken }) },
  });
  onTestFinished(() => client.close());
  const refused: string[] = [];
  client.channel("person/:userId", { userId: "otto" }, { onError: ({ code }) => void refused.push(code) });
  client.channel("person/:userId", { userId: "hana" }, { onError: ({ code }) => void refused.push(code) });
  await soon(() => expect(refused).toEqual(["LIVE_CHANNEL_REFUSED"]));
  const asBearer = await fetch(`${server.url}/api/dashboard`, { headers: withToken(socketToken!) });
  expect(asBearer.status).toBe(401);
});

test("forged and foreign tokens are nobody's", async () => {
  const { cookie } = await visit(server.url, "otto");
  expect((await visitorWith(server.url, cookie.slice(0, 40)).get("/api/dashboard")).status).toBe(401);
  const forged = await fetch(`${server.url}/api/dashboard`, { headers: withToken("a.b.c") });
  expect([forged.status, forged.headers.get("www-authenticate")]).toEqual([
    401,
    expect.stringContaining('error="invalid_token"'),
  ]);
});

test("whoever guesses a password is refused for a while, and others are not", async () => {
  const nobody = visitorWith(server.url, "");
  const guess = (email: string) => nobody.send("POST /api/session", { email, password: "guess" });
  for (let time = 0; time < 5; time++) expect((await guess("jonas@demo.test")).status).toBe(401);
  const refused = await guess("Jonas@demo.test");
  expect([refused.status, refused.headers.has("retry-after")]).toEqual([429, true]);
  expect((await guess("miriam@demo.test")).status).toBe(401);
});

test("a write that another site makes the browser send is refused", async () => {
  const pavel = await visit(server.url, "pavel");
  const body = { name: "Nobody", sees: "Nobody" };
  const headers = { "sec-fetch-site": "cross-site" };
  expect((await pavel.send("POST /api/visitors", body, headers)).status).toBe(403);
});

test("the server says how it is", async () => {
  const health = await (await fetch(`${server.url}/health`)).json();
  expect(health).toMatchObject({ status: "pass", checks: { database: { status: "pass" } } });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
