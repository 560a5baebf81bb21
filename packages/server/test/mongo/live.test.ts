import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { eventually } from "../../src/conformance/eventually.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { openMongoChanges } from "../../src/mongo/open.ts";
import { QUICK, startWireSite } from "./mongo-site.ts";

const logger = { warn: () => undefined };

test("what another program writes to MongoDB is read anew on every node, also after all of them were restarted", async () => {
  const { db, close } = await startWireSite();
  onTestFinished(close);
  const ground = createMemoryGround();
  onTestFinished(() => ground.close());
  const issues = db.collection<{ _id: number; title: string }>("issues");
  await issues.insertOne({ _id: 1, title: "leak" });

  const start = async () => {
    const live = createLive({ ground, logger });
    onTestFinished(() => live.close());
    const changes = openMongoChanges(live, {
      db,
      collections: { issues: (_, { id }) => [`issue:${id}`] },
      ...QUICK,
    });
    const read = () =>
      live.cache.getOrSet("page", async () => (await issues.findOne({ _id: 1 }))?.title, {
        ttl: "1h",
        tags: ["issue:1"],
      });
    await eventually("the source runs", () => changes.status().state === "running");
    return { live, changes, read };
  };
  const [one, two] = [await start(), await start()];
  expect([await one.read(), await two.read()]).toEqual(["leak", "leak"]);
  await issues.updateOne({ _id: 1 }, { $set: { title: "roof" } });
  await eventually(
    "both read it anew",
    async () => (await one.read()) === "roof" && (await two.read()) === "roof",
  );

  await Promise.all([one.changes.close(), two.changes.close()]);
  expect(one.changes.status()).toMatchObject({ state: "closed" });
  await issues.updateOne({ _id: 1 }, { $set: { title: "door" } });
  expect(await two.read()).toBe("roof");
  const again = await start();
  await eventually("what was written meanwhile is told", async () => (await two.read()) === "door");
  expect(again.changes.status()).toMatchObject({ gaps: 0, poisoned: 0, error: undefined });
});

test("a wrong option is an error at once, and so is a second source of the same name", async () => {
  const { db, close } = await startWireSite();
  onTestFinished(close);
  const live = createLive({ logger });
  onTestFinished(() => live.close());
  const options = { db, collections: { issues: () => [] } };
  expect(() => openMongoChanges(live, { ...options, poison: "drop" as never })).toThrow(
    /"skip", "forget" or "stop"/,
  );
  expect(() => openMongoChanges(live, { ...options, name: "a b" })).toThrow(/1 to 64 letters/);
  openMongoChanges(live, options);
  expect(() => openMongoChanges(live, options)).toThrow(/a name that is not open on this node/);
});
