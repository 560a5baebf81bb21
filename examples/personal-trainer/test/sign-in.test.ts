import { createLiveClient } from "@livecache/client";
import type { RunningServer } from "example-kit/run-server";
import { visitorWith } from "example-kit/visitor";
import type { Visitor } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { startHere, visit } from "./support/visitor.ts";

let server: RunningServer;
let nobody: Visitor;
const letters: [string, string][] = [];

beforeAll(async () => {
  server = await startHere({ mail: (email, code) => letters.push([email, code]) });
  nobody = visitorWith(server.url, "");
});

afterAll(() => server?.close());

const signIn = (email: string, password: string) => nobody.send("POST /api/session", { email, password });

test("the token travels in a cookie that scripts cannot read", async () => {
  const response = await signIn("mia@demo.test", "demo-member");
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()[0]).toMatch(/^trainer_session=ey.*; HttpOnly; SameSite=Lax/);
  const { person } = (await response.json()) as { person: unknown };
  expect(person).toMatchObject({
    userId: "mia",
    role: "member",
    trainerId: "nora",
    trainerName: "Nora Lindqvist",
  });
  expect(await (await nobody.get("/api/session")).json()).toEqual({ person: null });
  expect((await nobody.get("/api/users/mia/progress")).status).toBe(401);
  const forged = visitorWith(server.url, "trainer_session=eyJhbGciOiJub25lIn0.eyJzdWIiOiJtaWEifQ.");
  expect((await forged.get("/api/users/mia/progress")).status).toBe(401);
});

test("who signs out is nobody at once, with sockets and elsewhere", async () => {
  const omar = await visit(server.url, "omar");
  const client = createLiveClient({ url: server.url, headers: () => ({ cookie: omar.cookie }) });
  onTestFinished(() => client.close());
  client.listen("progress/omar", { event: () => undefined });
  await vi.waitFor(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await omar.send("DELETE /api/session");
  expect((await omar.get("/api/users/omar/progress")).status).toBe(401);
  await vi.waitFor(() =>
    expect(client.connection.getSnapshot()).toMatchObject({ code: "LIVE_IDENTITY_ENDED" }),
  );
});

test("signing out everywhere ends every session of the person", async () => {
  const [here, there] = await Promise.all([visit(server.url, "kofi"), visit(server.url, "kofi")]);
  expect((await here.send("DELETE /api/sessions")).status).toBe(200);
  expect((await there.get("/api/users/kofi/progress")).status).toBe(401);
});

test("a wrong password and an unknown address are refused in the same words, and after five times nobody is let in", async () => {
  const wrong = await signIn("ines@demo.test", "guess");
  const unknown = await signIn("nobody@demo.test", "guess");
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.json()).toEqual(await unknown.json());
  for (let count = 1; count < 5; count += 1) await signIn("ines@demo.test", "guess");
  const blocked = await signIn("ines@demo.test", "demo-member");
  expect(blocked.status).toBe(429);
  expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(60);
});

test("a code sets another password once, ends the sessions there are, and may be asked for three times an hour", async () => {
  const petra = await visit(server.url, "petra");
  const ask = (email: string) => nobody.send("POST /api/reset", { email });
  const unknown = await ask("nobody@demo.test");
  const known = await ask("Petra@demo.test");
  expect([unknown.status, known.status]).toEqual([202, 202]);
  expect(await unknown.json()).toEqual(await known.json());
  expect(letters.map(([email]) => email)).toEqual(["Petra@demo.test"]);
  const [, code] = letters[0]!;
  expect((await nobody.send(`POST /api/reset/${code}`, { password: "short" })).status).toBe(400);
  const password = "a longer one";
  expect((await nobody.send(`POST /api/reset/${code}`, { password })).status).toBe(200);
  expect((await petra.get("/api/users/petra/progress")).status).toBe(401);
  expect((await signIn("petra@demo.test", "demo-member")).status).toBe(401);
  expect((await signIn("petra@demo.test", password)).status).toBe(201);
  expect((await nobody.send(`POST /api/reset/${code}`, { password: "once more please" })).status).toBe(410);
  await ask("petra@demo.test");
  await ask("petra@demo.test");
  expect((await ask("petra@demo.test")).status).toBe(429);
});
