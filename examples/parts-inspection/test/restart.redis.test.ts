import { createLiveClient } from "@livecache/client";
import { startRedis, until } from "@livecache/rig";
import { shareDatabase } from "example-kit/shared-database";
import type { SharedDatabase } from "example-kit/shared-database";
import { visitorWith } from "example-kit/visitor";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SessionsAnswer } from "../src/answers.ts";
import { json, startHere, visit } from "./support/visitor.ts";

let database: SharedDatabase;

beforeAll(async () => {
  database = await shareDatabase("memory://");
});

afterAll(() => database?.close());

test("sessions outlive a restart of the server, hold on every node, and end on all of them", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const secret = "only for tests, long enough to be one";
  const on = { redisUrl: redis.url, databaseUrl: database.url, secret };
  const first = await startHere(on);
  const { cookie } = await visit(first.url, "nadia");
  await first.close();

  const nodes = await Promise.all([startHere(on), startHere(on)]);
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))));
  const visitors = nodes.map(({ url }) => visitorWith(url, cookie));
  for (const visitor of visitors) {
    expect(await json(visitor.get("/api/session"))).toMatchObject({
      person: { userId: "nadia", role: "admin" },
    });
    expect((await visitor.get("/api/audits")).status).toBe(200);
  }
  expect((await json<SessionsAnswer>(visitors[1]!.get("/api/sessions"))).sessions).toHaveLength(1);

  const client = createLiveClient({ url: nodes[1]!.url, headers: () => ({ cookie }) });
  onTestFinished(() => client.close());
  client.channel("audit-room", {});
  const connection = () => client.connection.getSnapshot();
  await until(() => connection().status === "online", { what: "online on the second node", withinMs: 5_000 });
  expect((await visitors[0]!.send("DELETE /api/sessions")).status).toBe(200);
  await until(() => connection().status === "offline", { what: "ended there too", withinMs: 5_000 });
  expect((await visitors[1]!.get("/api/audits")).status).toBe(401);
});

test("without Redis nobody is taken for signed out, and with it back all goes on", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const node = await startHere({ redisUrl: redis.url, databaseUrl: database.url });
  onTestFinished(() => node.close());
  const lucia = await visit(node.url, "lucia");
  expect((await lucia.get("/api/audits")).status).toBe(200);
  await redis.kill();
  expect((await lucia.get("/api/audits")).status).toBe(200);
  const guess = { email: "nadia@demo.test", password: "demo-admin" };
  expect((await visitorWith(node.url, "").send("POST /api/session", guess)).status).toBe(503);
  await redis.restart();
  await until(async () => (await visitorWith(node.url, "").send("POST /api/session", guess)).status === 201, {
    what: "signing in works again",
    withinMs: 10_000,
  });
});
