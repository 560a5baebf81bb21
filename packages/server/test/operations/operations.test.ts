import { until } from "@livecache/rig";
import { createMemoryGround } from "livecache";
import { operations } from "livecache/operations";
import { expect, test } from "vitest";
import { actCases, operationsCases } from "./cases.ts";
import { feedCases } from "./feed-cases.ts";
import { openNode } from "./site.ts";
import { figureCases, stockCases } from "./stock-cases.ts";

async function openTwo() {
  const ground = createMemoryGround();
  return [await openNode(ground), await openNode(ground)] as const;
}
operationsCases(openTwo);
actCases(openTwo);
feedCases(openTwo);
stockCases(openTwo);
figureCases(openTwo);

const one = () => openNode(createMemoryGround());

test("without a guard nothing is mounted", async () => {
  const { live } = await one();
  for (const guard of [undefined, "admin", {}]) {
    expect(() => operations(live, { guard } as never)).toThrow(/operations: guard/);
  }
  expect(() => operations(live, { guard: () => undefined, gaurd: 1 } as never)).toThrow(/gaurd/);
});

test("nobody looks, and nobody acts who may only look", async () => {
  const { ask, audited } = await one();
  const change = { tags: ["a"], reason: "tried out" };
  expect(await ask("GET nodes", undefined, { "x-operator": "eve" })).toMatchObject({ status: 401 });
  expect(await ask("POST change", change, { "x-operator": "eve" })).toMatchObject({ status: 401 });
  const asOtto = { "x-operator": "otto" };
  expect(await ask("GET nodes", undefined, asOtto)).toMatchObject({ status: 200 });
  expect(await ask("POST change", change, asOtto)).toMatchObject({
    status: 403,
    body: { code: "LIVE_ACCESS_REFUSED" },
  });
  expect(audited).toEqual([]);
});

test("another site's page does not act in an operator's name", async () => {
  const { ask } = await one();
  const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.test" };
  const answer = await ask("POST change", { tags: ["a"], reason: "tried out" }, headers);
  expect(answer).toMatchObject({ status: 403, body: { code: "LIVE_ORIGIN_REFUSED" } });
});

test.each([
  ["without a reason", "POST change", { tags: ["a"] }, /say why/],
  ["too short a reason", "POST change", { tags: ["a"], reason: "no" }, /say why/],
  ["too long a reason", "POST change", { tags: ["a"], reason: "x".repeat(201) }, /say why/],
  ["tags that are no list", "POST change", { tags: "a", reason: "tried out" }, /tags/],
  ["half a body", "POST change", "{", /JSON object/],
  ["a list for a body", "POST change", "[]", /JSON object/],
  ["too large a body", "POST change", JSON.stringify({ pad: "x".repeat(64 * 1024) }), /65536 bytes/],
  ["nobody to disconnect", "POST disconnect", { reason: "tried out" }, /userId must be a text/],
  ["no session to end", "POST end-session", { reason: "tried out", userId: "mei" }, /session must be a text/],
  ["a user who is a number", "POST sign-out", { reason: "tried out", userId: 7 }, /received 7/],
  ["a token that never expires", "POST revoke-token", { reason: "tried out", token: "t" }, /expiresAt/],
  ["a trace of nothing", "GET trace", undefined, /"change" is missing/],
  ["no changes at all", "GET changes?limit=0", undefined, /limit must be/],
  ["a cursor that is none", "GET feed?after=x", undefined, /cursor that the feed answered/],
  ["a kind that is none", "GET feed?kinds=change,nothing", undefined, /received "nothing"/],
  ["too many sockets", "GET sockets?limit=1001", undefined, /limit must be/],
] as const)("%s is refused in words", async (...[, request, body, words]) => {
  const { ask } = await one();
  const answer = await ask(request, body);
  expect(answer.status).toBe(400);
  expect(answer.body["detail"]).toMatch(words);
});

test("what went wrong stands in the audit too", async () => {
  const { ask, audited } = await one();
  await ask("POST change", { tags: [], reason: "tried out" });
  await ask("POST change", { tags: [""], reason: "tried out" });
  expect(audited.map(({ outcome }) => outcome)).toEqual([
    expect.objectContaining({ scope: "cluster" }),
    "LIVE_INPUT_INVALID",
  ]);
});

test("what there is not is the application's to answer", async () => {
  const { ask } = await one();
  for (const what of ["GET nothing", "GET change", "POST nodes", "DELETE nodes", "GET __proto__"]) {
    expect([what, (await ask(what).catch(() => ({ status: 404 }))).status]).toEqual([what, 404]);
  }
});

test("whoever is disconnected is told to come back", async () => {
  const { ask, connect } = await one();
  const { frames } = await connect("mei");
  await ask("POST disconnect", { reason: "tried out", userId: "mei" });
  await until(() => frames.length > 0, { what: "she is told", withinMs: 5_000 });
  expect(frames.at(-1)).toMatchObject(["ended", { code: "LIVE_DISCONNECTED", retryable: true }]);
});

test("a ground in memory tells what it holds", async () => {
  const { ask, live } = await one();
  await live.cache.set("user:1", 1, { ttl: "1m" });
  expect((await ask("GET ground")).body).toMatchObject({
    ...{ node: live.node, kind: "memory", servers: [], isPartial: false },
    counts: { entries: 1, log: 1 },
  });
});
