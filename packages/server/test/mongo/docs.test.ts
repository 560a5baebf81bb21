import { readFile } from "node:fs/promises";
import { startMongoWire } from "@livecache/rig";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { eventually } from "../../src/conformance/eventually.ts";
import { openMongoChanges } from "../../src/mongo/open.ts";

/** However it is broken into lines, and without what is said beside it. */
function dense(text: string): string {
  return text
    .replaceAll(/\/\/.*/g, "")
    .replaceAll(/\s+/g, "")
    .replaceAll(/,(?=[)}\]]|$)/g, "");
}

test("docs/how-to/mongodb.md holds no other code than what is run here", async () => {
  const own = dense(await readFile(new URL(import.meta.url), "utf8"));
  const text = await readFile(new URL("../../../../docs/how-to/mongodb.md", import.meta.url), "utf8");
  const blocks = Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), (match) => match[1]!);
  const lines = blocks.flatMap((block) => block.split("\n")).filter((line) => /\w/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line) => !line.startsWith("import") && !own.includes(dense(line)))).toEqual([]);
});

test("the page's application works as the page says", async () => {
  const wire = await startMongoWire();
  onTestFinished(() => wire.close());
  const { url } = wire;
  const live = createLive({ logger: { warn: () => undefined } });
  onTestFinished(() => live.close());

  const client = new MongoClient(url);
  const db = client.db("hostels");

  const changes = openMongoChanges(live, {
    db,
    collections: {
      issues: (issue, { id }) => [`issue:${id}`, ...(issue ? [`hostel:${issue["hostelId"]}`] : [])],
      rooms: { tags: (_room, { id }) => [`room:${id}`], all: ["room"] },
    },
  });
  await eventually("it runs", () => changes.status().state === "running");

  const forgotten = async (tag: string, write: () => Promise<unknown>): Promise<void> => {
    await live.cache.set("page", 1, { ttl: "1h", tags: [tag] });
    await write();
    await eventually(`${tag} moves`, async () => !(await live.cache.has("page")));
  };
  const issues = db.collection<{ _id: string; hostelId: string }>("issues");
  await forgotten("hostel:7", () => issues.insertOne({ _id: "a", hostelId: "7" }));
  await forgotten("issue:a", () => issues.deleteOne({ _id: "a" }));
  await forgotten("room:5", () => db.collection<{ _id: number }>("rooms").insertOne({ _id: 5 }));
  await forgotten("room", () => db.collection("rooms").drop());
  changes.status();
  expect(changes.status()).toMatchObject({ state: "running", gaps: 1, poisoned: 0, error: undefined });
  expect(Object.keys(changes.status()).sort()).toEqual([
    "error",
    "gaps",
    "place",
    "poisoned",
    "state",
    "taken",
  ]);
  await changes.close();
  await client.close();
});
