import { createLiveClient, notificationsOf, presenceIn, typingIn } from "@livecache/client";
import type { LiveClient } from "@livecache/client";
import { until } from "@livecache/rig";
import { visitorWith } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import type { RunningServer } from "example-kit/run-server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type {
  AuditAnswer,
  AuditWritten,
  AuditsAnswer,
  LinesAnswer,
  MachinesAnswer,
  ProcessesAnswer,
  SessionsAnswer,
} from "../src/answers.ts";
import type { PartsContract } from "../src/contract.ts";
import { anAudit, json, startHere, visit } from "./support/visitor.ts";

let server: RunningServer;
let nadia: Visitor;
let viktor: Visitor;
let lucia: Visitor;
let samuel: Visitor;

beforeAll(async () => {
  server = await startHere();
  [nadia, viktor, lucia, samuel] = (await Promise.all(
    ["nadia", "viktor", "lucia", "samuel"].map((person) => visit(server.url, person)),
  )) as [Visitor, Visitor, Visitor, Visitor];
});

afterAll(() => server?.close());

const WITHIN = { withinMs: 5_000 };

function clientOf({ cookie }: Visitor) {
  const client = createLiveClient<PartsContract>({ url: server.url, headers: () => ({ cookie }) });
  onTestFinished(() => client.close());
  return client;
}

/** Resolves when the client is in the channel; rejects with the refusal. */
function joined(client: Pick<LiveClient, "listen">, channel: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.listen(channel, { joined: resolve, error: reject, event: () => {} });
  });
}

async function submit(visitor: Visitor, faults?: Record<number, string>): Promise<number> {
  const response = await visitor.send("POST /api/audits", anAudit(faults));
  expect(response.status).toBe(201);
  return (await json<AuditWritten>(response)).audit.id;
}

const cacheOf = (response: Response): string => response.headers.get("cache-status") ?? "";

test.each([
  ["/api/audits", 60],
  ["/api/audits/1", 300],
  ["/api/machines", 900],
  ["/api/lines", 900],
  ["/api/processes", 900],
  ["/api/people", 3_600],
])("%s is kept for %d seconds, and shared by administrators", async (path, seconds) => {
  const first = cacheOf(await nadia.get(path));
  expect(first).toMatch(/stored|hit/);
  const second = cacheOf(await viktor.get(path));
  expect(second).toContain("hit");
  const ttl = Number(/ttl=(\d+)/.exec(second)![1]);
  expect(ttl).toBeLessThanOrEqual(seconds);
  expect(ttl).toBeGreaterThan(seconds - 30);
});

test("a new audit is in the list that was cached a moment ago; so are a correction and a deletion", async () => {
  await nadia.get("/api/audits");
  const id = await submit(lucia, { 1: "Last dressing noted yesterday" });
  const list = await json<AuditsAnswer>(nadia.get("/api/audits"));
  expect(list.audits[0]).toMatchObject({
    id,
    result: "failed",
    passed: 3,
    asked: 4,
    inspector: { id: "lucia" },
  });

  await nadia.get(`/api/audits/${id}`);
  const { answers, remarks } = anAudit();
  expect((await nadia.send(`PATCH /api/audits/${id}`, { answers, remarks })).status).toBe(200);
  const corrected = await json<AuditAnswer>(viktor.get(`/api/audits/${id}`));
  expect(corrected.audit).toMatchObject({ result: "passed", passed: 4 });

  expect((await nadia.send(`DELETE /api/audits/${id}`)).status).toBe(200);
  expect((await viktor.get(`/api/audits/${id}`)).status).toBe(404);
  expect((await json<AuditsAnswer>(nadia.get("/api/audits"))).audits[0]!.id).not.toBe(id);
});

test("what an administrator renames is called so in every audit", async () => {
  const before = await json<AuditAnswer>(nadia.get("/api/audits/1"));
  const { line } = before.audit;
  await nadia.send(`PATCH /api/lines/${line.id}`, { name: "Renamed line" });
  expect((await json<AuditAnswer>(nadia.get("/api/audits/1"))).audit.line.name).toBe("Renamed line");
  expect((await json<LinesAnswer>(lucia.get("/api/lines"))).lines[line.id - 1]!.name).toBe("Renamed line");
  await nadia.send(`PATCH /api/lines/${line.id}`, { name: line.name });
});

test("a machine is added, used and retired; a name is there once", async () => {
  const machine = { name: "Grinder G-999", lineId: 4, processIds: [5] };
  const { place } = await json<{ place: { id: number } }>(nadia.send("POST /api/machines", machine));
  const again = await nadia.send("POST /api/machines", machine);
  expect(again.status).toBe(400);
  expect(await json(again)).toMatchObject({ fields: { name: '"Grinder G-999" exists already.' } });
  const audit = { ...anAudit(), lineId: 4, machineId: place.id };
  expect((await lucia.send("POST /api/audits", audit)).status).toBe(201);
  await nadia.send(`PATCH /api/machines/${place.id}`, { retired: true });
  const { machines } = await json<MachinesAnswer>(lucia.get("/api/machines"));
  expect(machines.find(({ id }) => id === place.id)).toMatchObject({ retired: true });
  const refused = await lucia.send("POST /api/audits", audit);
  expect(await json(refused)).toMatchObject({
    fields: { machineId: "No such machine stands on this line." },
  });
});

test.each([
  ["without a remark on what failed", { answers: [{ question: "x", passed: false }] }, "answers.0.remark"],
  ["with an unanswered question", { answers: [{ question: "x" }] }, "answers.0.passed"],
  ["on a line that there is not", { lineId: 99 }, "lineId"],
  ["with a machine of another line", { machineId: 1 }, "machineId"],
  ["with a process that the machine does not do", { processId: 1 }, "processId"],
])("an audit %s is refused", async (_words, wrong, field) => {
  const response = await lucia.send("POST /api/audits", { ...anAudit(), ...wrong });
  expect(response.status).toBe(400);
  expect((await json<{ fields: object }>(response)).fields).toHaveProperty([field]);
});

test("an audit of a checklist that has changed meanwhile is refused", async () => {
  const { processes } = await json<ProcessesAnswer>(nadia.get("/api/processes"));
  const { questions } = processes[4]!;
  await nadia.send("PATCH /api/processes/5", { questions: [...questions, "Coolant is clear"] });
  const response = await lucia.send("POST /api/audits", anAudit());
  expect(response.status).toBe(409);
  await nadia.send("PATCH /api/processes/5", { questions });
});

test("inspectors see their own audits and no administration", async () => {
  const mine = await submit(samuel);
  const { audits } = await json<AuditsAnswer>(samuel.get("/api/audits"));
  expect(new Set(audits.map(({ inspector }) => inspector.id))).toEqual(new Set(["samuel"]));
  expect((await samuel.get(`/api/audits/${mine}`)).status).toBe(200);
  expect((await lucia.get(`/api/audits/${mine}`)).status).toBe(404);
  for (const what of ["POST /api/lines", `DELETE /api/audits/${mine}`, "POST /api/warming"]) {
    expect((await samuel.send(what, { name: "Mine" })).status).toBe(403);
  }
  expect((await samuel.get("/api/operations/nodes")).status).toBe(403);
  expect((await visitorWith(server.url, "").get("/api/audits")).status).toBe(401);
  expect(
    (await visitorWith(server.url, "x-warming=guess").get("/api/audits", { "x-warming": "guess" })).status,
  ).toBe(401);
});

test("administrators in the audit room hear of an audit, all of them find it among their notifications", async () => {
  const client = clientOf(nadia);
  const heard: unknown[] = [];
  client.channel("audit-room", {}, { "audit-created": (notice) => void heard.push(notice) });
  await joined(client, "audit-room");
  const bell = notificationsOf(client);
  onTestFinished(bell.subscribe(() => {}));
  await until(() => bell.getSnapshot().status === "ready", {
    what: "the notifications are there",
    ...WITHIN,
  });
  const unreadBefore = bell.getSnapshot().unread;

  const auditId = await submit(lucia, { 0: "0.016 mm at bearing seat B" });
  await until(() => heard.length === 1, { what: "the event is heard", ...WITHIN });
  expect(heard[0]).toMatchObject({
    ...{ auditId, message: "New audit submitted", result: "failed", process: "Grinding" },
    ...{ place: "Gear shafts · Grinder G-230", by: { id: "lucia", name: "Lucia Ferri" } },
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  await until(() => bell.getSnapshot().unread === unreadBefore + 1, { what: "one unread", ...WITHIN });
  const [newest] = bell.getSnapshot().items;
  expect(newest).toMatchObject({ kind: "audit-created", data: heard[0] });
  await bell.markRead({ ids: [newest!.id] });
  expect(bell.getSnapshot().unread).toBe(unreadBefore);
});

test("who joins and leaves the audit room is shown there, and not any more", async () => {
  const [hers, his] = [clientOf(nadia), clientOf(viktor)];
  const presence = presenceIn(hers, "audit-room");
  onTestFinished(presence.subscribe(() => {}));
  const isHere = () => presence.getSnapshot().users.some(({ userId }) => userId === "viktor");
  const room = his.channel("audit-room", {});
  await until(isHere, { what: "viktor is here", ...WITHIN });
  room.close();
  await until(() => !isHere(), { what: "viktor has left", withinMs: 10_000 });
  expect(presence.getSnapshot().users.map(({ userId }) => userId)).toEqual(["nadia"]);
});

test("who may not see an audit does not get into its room, nor an inspector into the room of all", async () => {
  const auditId = await submit(lucia);
  const client = clientOf(samuel);
  for (const room of [`audit/${auditId}`, "audit-room"]) {
    await expect(joined(client, room)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  }
});

test("who looks at an audit sees who else does, and who types; a comment tells its inspector", async () => {
  const auditId = await submit(lucia);
  const [hers, his] = [clientOf(lucia), clientOf(nadia)];
  const presence = presenceIn(hers, `audit/${auditId}`);
  const typing = typingIn(hers, `audit/${auditId}`);
  const bell = notificationsOf(hers);
  for (const store of [presence, typing, bell]) onTestFinished(store.subscribe(() => {}));
  await joined(his, `audit/${auditId}`);
  his.to(`audit/${auditId}`).typing();
  await until(() => presence.getSnapshot().users.some(({ userId }) => userId === "nadia"), {
    what: "nadia is here",
    ...WITHIN,
  });
  await until(() => typing.getSnapshot().users.includes("nadia"), { what: "nadia types", ...WITHIN });

  const response = await nadia.send(`POST /api/audits/${auditId}/comments`, { text: "Is the batch locked?" });
  expect(response.status).toBe(201);
  await until(() => bell.getSnapshot().items[0]?.kind === "audit-commented", {
    what: "lucia is told",
    ...WITHIN,
  });
  const { comments } = await json<AuditAnswer>(lucia.get(`/api/audits/${auditId}`));
  expect(comments).toMatchObject([{ author: { id: "nadia" }, text: "Is the batch locked?" }]);
});

const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(200_000)]);

function sendPhoto(
  visitor: Visitor,
  auditId: number,
  { body = PNG, type = "image/png" } = {},
): Promise<Response> {
  return fetch(`${server.url}/api/audits/${auditId}/photos?name=part.png`, {
    method: "POST",
    headers: { cookie: visitor.cookie, "content-type": type },
    body: new Uint8Array(body),
  });
}

test("a photo arrives before everybody's eyes, is shown to those who see the audit, and is bounded", async () => {
  const auditId = await submit(lucia);
  const client = clientOf(nadia);
  const told: { percent?: number | undefined; done?: boolean | undefined }[] = [];
  client.channel("audit/:auditId", { auditId }, { upload: (progress) => void told.push(progress) });
  await joined(client, `audit/${auditId}`);
  expect((await sendPhoto(lucia, auditId)).status).toBe(201);
  await until(() => told.some(({ done }) => done), { what: "the upload is over", ...WITHIN });
  expect(told.at(-1)).toMatchObject({ percent: 100, done: true });

  const { photos } = await json<AuditAnswer>(nadia.get(`/api/audits/${auditId}`));
  expect(photos).toMatchObject([
    { name: "part.png", type: "image/png", bytes: PNG.length, author: { id: "lucia" } },
  ]);
  const path = `/api/audits/${auditId}/photos/${photos[0]!.id}`;
  expect(Buffer.from(await (await nadia.get(path)).arrayBuffer()).equals(PNG)).toBe(true);
  expect((await samuel.get(path)).status).toBe(404);

  expect((await sendPhoto(samuel, auditId)).status).toBe(404);
  expect((await sendPhoto(lucia, auditId, { body: Buffer.from("<svg/>") })).status).toBe(415);
  expect((await sendPhoto(lucia, auditId, { type: "text/html" })).status).toBe(415);
  expect((await sendPhoto(lucia, auditId, { body: Buffer.alloc(5 * 1024 * 1024 + 1) })).status).toBe(413);
  const more = await Promise.all(Array.from({ length: 7 }, () => sendPhoto(lucia, auditId)));
  expect(more.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 409, 409]);
  expect((await lucia.send(`DELETE ${path}`)).status).toBe(200);
  expect((await nadia.get(path)).status).toBe(404);
});

test("signing out everywhere ends the other sessions and their sockets, or all", async () => {
  const [here, elsewhere] = [await visit(server.url, "aiko"), await visit(server.url, "aiko")];
  const client = clientOf(elsewhere);
  client.channel("audit/:auditId", { auditId: 1 });
  const connection = () => client.connection.getSnapshot();
  await until(() => connection().status === "online", { what: "elsewhere is online", ...WITHIN });
  const { sessions } = await json<SessionsAnswer>(here.get("/api/sessions"));
  expect(sessions.map(({ isThis }) => isThis).sort()).toEqual([false, true]);

  expect(await json(here.send("DELETE /api/sessions?but=this"))).toEqual({ ended: 1 });
  expect(await json(elsewhere.get("/api/session"))).toEqual({ person: null });
  await until(() => connection().status === "offline", { what: "its socket has ended", ...WITHIN });
  expect(connection()).toMatchObject({ code: "LIVE_IDENTITY_ENDED" });
  expect(await json(here.get("/api/session"))).toMatchObject({
    person: { userId: "aiko", role: "inspector" },
  });
  expect(await json(here.send("DELETE /api/sessions"))).toEqual({ ended: 1 });
  expect((await here.get("/api/audits")).status).toBe(401);
});

test("an account is refused after five wrong passwords, whoever tries", async () => {
  const nobody = visitorWith(server.url, "");
  const guess = () => nobody.send("POST /api/session", { email: "jonas@demo.test", password: "guess" });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await guess()).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  const right = { email: "Jonas@demo.test", password: "demo-inspector" };
  expect((await nobody.send("POST /api/session", right)).status).toBe(429);
});

test("an administrator warms the caches, hears how far it is, and sees it in the figures", async () => {
  const client = clientOf(nadia);
  const told: { state: string; failed: number; total: number }[] = [];
  client.channel("warming", {}, { progress: (state) => void told.push(state) });
  await joined(client, "warming");
  expect((await nadia.send("POST /api/warming")).status).toBe(202);
  await until(() => told.at(-1)?.state === "done", { what: "the caches are warm", ...WITHIN });
  expect(told.at(-1)).toMatchObject({ total: 25, failed: 0 });
  expect(cacheOf(await viktor.get("/api/audits?limit=40"))).toContain("hit");

  const { nodes } = await json<{ nodes: { cache: { hits: number; patterns: object[] }; live: object }[] }>(
    nadia.get("/api/operations/nodes"),
  );
  expect(nodes).toHaveLength(1);
  expect(nodes[0]!.cache.hits).toBeGreaterThan(0);
  expect(nodes[0]!.cache.patterns.length).toBeGreaterThan(4);
  expect(nodes[0]!.live).toMatchObject({ connections: expect.any(Number) });
});
