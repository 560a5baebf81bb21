import { createLiveClient } from "@livecache/client";
import { until } from "@livecache/rig";
import type { RunningServer } from "example-kit/run-server";
import { visitorWith } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type {
  AssessmentAnswer,
  CacheTestAnswer,
  CachesAnswer,
  Dashboard,
  GradesAnswer,
  SessionAnswer,
  TeacherDashboard,
  ThreadAnswer,
  TokenAnswer,
} from "../src/answers.ts";
import { application } from "../src/application.ts";
import type { SchoolContract } from "../src/contract.ts";
import type { WarmingAnswer, WarmingState } from "example-kit/warming";
import { liveClientOf, startHere, read, soon, visit } from "./support/visitor.ts";

const NAMES = ["noor", "miriam", "hana", "jonas", "otto", "lena", "samuel"] as const;

let server: RunningServer;
let as: Readonly<Record<(typeof NAMES)[number], Visitor>>;

beforeAll(async () => {
  server = await startHere();
  const visitors = await Promise.all(NAMES.map((name) => visit(server.url, name)));
  as = Object.fromEntries(NAMES.map((name, index) => [name, visitors[index]])) as typeof as;
});

afterAll(() => server?.close());

test("grades that a teacher enters are on the student's and the parents' screens, and nobody else reads them", async () => {
  const query = liveClientOf(server.url, as.lena).query<GradesAnswer>("/api/students/otto/grades");
  onTestFinished(query.subscribe(() => undefined));
  await soon(() => expect(query.getSnapshot().status).toBe("ready"));
  const { assessments } = await read<TeacherDashboard>(as.hana, "/api/dashboard");
  const { id, title } = assessments.find(({ className }) => className === "7A")!;
  const path = `/api/assessments/${id}/grades`;
  expect((await as.hana.send(`PUT ${path}`, { points: { otto: 101 } })).status).toBe(400);
  expect((await as.hana.send(`PUT ${path}`, { points: { otto: 97 } })).status).toBe(200);
  const mathematics = () =>
    query.getSnapshot().data!.subjects.find(({ subject }) => subject === "Mathematics")!.grades;
  await soon(() => expect(mathematics()).toContainEqual(expect.objectContaining({ title, points: 97 })));
  const { students } = await read<AssessmentAnswer>(as.hana, path);
  expect(students.find((one) => one.id === "otto")!.points).toBe(97);
  const grades = "/api/students/otto/grades";
  expect((await as.otto.get(grades)).status).toBe(200);
  expect((await as.jonas.get(grades)).status).toBe(200);
  for (const stranger of [as.samuel, as.miriam]) expect((await stranger.get(grades)).status).toBe(403);
  expect((await as.jonas.send(`PUT ${path}`, { points: { otto: 1 } })).status).toBe(404);
});

test("something new to grade is set up for a class of one's own", async () => {
  const made = await as.hana.send("POST /api/assessments", { classId: "elm-5a", title: "Mental arithmetic" });
  expect(made.status).toBe(201);
  const { assessments } = await read<TeacherDashboard>(as.hana, "/api/dashboard");
  expect(assessments[0]).toMatchObject({ title: "Mental arithmetic", graded: 0, students: 15 });
  const foreign = await as.hana.send("POST /api/assessments", { classId: "oak-5a", title: "Not mine" });
  expect(foreign.status).toBe(403);
});

test("parents and teachers write to each other, see each other type, and know who is there", async () => {
  const lena = liveClientOf(server.url, as.lena);
  const hana = liveClientOf(server.url, as.hana);
  const { typingIn, presenceIn } = await import("@livecache/client");
  const thread = lena.channel("thread/:studentId", { studentId: "otto" });
  const [typing, presence] = [typingIn(hana, "thread/otto"), presenceIn(hana, "thread/otto")];
  onTestFinished(typing.subscribe(() => undefined));
  onTestFinished(presence.subscribe(() => undefined));
  const query = hana.query<ThreadAnswer>("/api/threads/otto");
  onTestFinished(query.subscribe(() => undefined));
  await soon(() =>
    expect(presence.getSnapshot().users.map(({ userId }) => userId)).toEqual(["hana", "lena"]),
  );
  await soon(() => {
    thread.typing();
    expect(typing.getSnapshot().users).toEqual(["lena"]);
  });
  const { id } = (await thread.send("say", { text: "See you on Friday." })) as { id: number };
  await soon(() =>
    expect(query.getSnapshot().data?.messages.at(-1)).toMatchObject({ id, text: "See you on Friday." }),
  );
  const byHttp = await as.hana.send("POST /api/threads/otto/messages", { text: "Until then." });
  expect(byHttp.status).toBe(201);
  const board = await read<{ children: { studentId: string; last: { text: string } }[] }>(
    as.lena,
    "/api/dashboard",
  );
  expect(board.children.find(({ studentId }) => studentId === "otto")!.last.text).toBe("Until then.");
});

test("nobody else reads, writes or listens", async () => {
  expect((await as.samuel.get("/api/threads/otto")).status).toBe(403);
  expect((await as.jonas.get("/api/threads/otto")).status).toBe(403);
  expect((await as.otto.send("POST /api/threads/otto/messages", { text: "Me too" })).status).toBe(403);
  const client = liveClientOf(server.url, as.samuel);
  const refused = new Promise((resolve) =>
    client.channel("thread/:studentId", { studentId: "otto" }, { onError: ({ code }) => resolve(code) }),
  );
  expect(await refused).toBe("LIVE_CHANNEL_REFUSED");
});

test("another role counts at once: on open sockets, for routes, and on the screen", async () => {
  const client = liveClientOf(server.url, as.jonas);
  const heard: string[] = [];
  const lost = vi.fn();
  client.channel(
    "person/:userId",
    { userId: "jonas" },
    { role_changed: ({ role }) => void heard.push(role) },
  );
  client.channel("thread/:studentId", { studentId: "ida" }, { onError: ({ code }) => lost(code) });
  const query = client.query<Dashboard>("/api/dashboard");
  onTestFinished(query.subscribe(() => undefined));
  await soon(() => expect(query.getSnapshot().data?.kind).toBe("teacher"));
  const change = (role: string) => as.miriam.send("PUT /api/people/jonas/role", { role });
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect((await change("staff")).status).toBe(200);
  await soon(() => {
    expect(heard).toEqual(["staff"]);
    expect(query.getSnapshot().data?.kind).toBe("staff");
    expect(lost).toHaveBeenCalledWith("LIVE_CHANNEL_REFUSED");
  });
  expect((await as.jonas.get("/api/classes/elm-8a/attendance")).status).toBe(403);
  expect((await change("teacher")).status).toBe(200);
  await soon(() => expect(query.getSnapshot().data?.kind).toBe("teacher"));
  expect((await as.jonas.get("/api/classes/elm-8a/attendance")).status).toBe(200);
});

test("roles are chosen by administrators, for those who work at their school", async () => {
  const put = (by: Visitor, id: string, role: string) => by.send(`PUT /api/people/${id}/role`, { role });
  expect((await put(as.hana, "jonas", "staff")).status).toBe(403);
  expect((await put(as.miriam, "miriam", "staff")).status).toBe(409);
  expect((await put(as.miriam, "amara", "staff")).status).toBe(404);
  expect((await put(as.miriam, "otto", "teacher")).status).toBe(404);
  expect((await put(as.miriam, "jonas", "super_admin")).status).toBe(400);
});

test("what a role may do is looked up once an hour, and at once when it was changed", async () => {
  const { stats } = await read<CachesAnswer>(as.noor, "/api/caches");
  expect(stats).toMatchObject({ keys: expect.arrayContaining(["role:super_admin", "user:noor"]) });
  const rights = ["grades:read"];
  expect((await as.hana.send("PUT /api/roles/parent", { rights })).status).toBe(403);
  expect((await as.noor.send("PUT /api/roles/parent", { rights })).status).toBe(200);
  expect((await as.lena.send("POST /api/threads/otto/messages", { text: "Hello?" })).status).toBe(403);
  await as.noor.send("PUT /api/roles/parent", { rights: ["grades:read", "messages:write"] });
  expect((await as.lena.send("POST /api/threads/otto/messages", { text: "Hello!" })).status).toBe(201);
  expect((await as.noor.send("PUT /api/roles/super_admin", { rights: [] })).status).toBe(409);
  expect((await as.noor.send("PUT /api/roles/wizard", { rights })).status).toBe(404);
});

test("the caches tell how they are, can be tried out, and forget every dashboard in one step", async () => {
  await as.otto.get("/api/dashboard");
  const before = await read<CachesAnswer>(as.noor, "/api/caches");
  expect(before.stats).toMatchObject({ type: "memory", connected: false, size: expect.any(Number) });
  expect(before.redis.words).toBe("Redis not configured");
  expect(before.stats.hitRatio).toBeGreaterThan(0);
  const { steps } = (await (await as.noor.send("POST /api/caches/test")).json()) as CacheTestAnswer;
  expect(steps.map(({ answer }) => answer)).toEqual([
    "stored",
    { data: "value" },
    true,
    { data: "value" },
    "deleted",
    false,
  ]);
  expect((await as.otto.get("/api/dashboard")).headers.get("cache-status")).toMatch(/; hit/);
  expect((await as.noor.send("DELETE /api/caches/dashboards")).status).toBe(200);
  expect((await as.otto.get("/api/dashboard")).headers.get("cache-status")).not.toMatch(/; hit/);
  for (const path of ["/api/caches", "/api/operations/nodes"]) {
    expect((await as.miriam.get(path)).status).toBe(403);
    expect((await as.noor.get(path)).status).toBe(200);
  }
  expect((await visitorWith(server.url, "").get("/api/caches")).status).toBe(401);
});

test("the caches are warmed on request, and tell how far it is", async () => {
  const client = liveClientOf(server.url, as.noor);
  const heard: WarmingState[] = [];
  client.channel("warming", {}, { progress: (state) => void heard.push(state) });
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect((await as.noor.send("POST /api/warming")).status).toBe(202);
  await soon(() => expect(heard.at(-1)?.state).toBe("done"));
  const last = heard.at(-1)!;
  expect(last).toMatchObject({ done: last.total, failed: 0, notStored: 0 });
  expect(last.total).toBeGreaterThan(130);
  expect(heard.length).toBeGreaterThan(10);
  const { stats } = await read<CachesAnswer>(as.noor, "/api/caches");
  const { warming } = await read<WarmingAnswer>(as.noor, "/api/warming");
  expect(stats.size).toBeGreaterThan(130);
  expect(warming).toEqual(last);
});

test("life happens: attendance, grades, messages and visitors", async () => {
  const stop = new AbortController();
  const done: string[] = [];
  const { signal } = stop;
  const living = application.life({
    url: server.url,
    signal,
    seed: 4,
    onAct: (words) => void done.push(words),
  });
  const kinds = [/took attendance|marked/, /graded|collected/, /noted|welcomed|saw/];
  await until(() => kinds.every((kind) => done.some((words) => kind.test(words))), {
    what: "every kind of act has happened",
    withinMs: 30_000,
  });
  stop.abort();
  await living;
  expect(done.length).toBeGreaterThanOrEqual(3);
});

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
