import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../src/conformance/eventually.ts";
import {
  createTakingLog,
  expectTold,
  openRunning,
  openTaker,
  stateOf,
  told,
} from "../../src/conformance/source-acts.ts";
import type { TakingLog } from "../../src/conformance/source-acts.ts";
import type { MongoChangesOptions } from "../../src/mongo/options.ts";
import { sourceUnderTest, startWireSite } from "./mongo-site.ts";

/** A source that runs over an empty log: one gap was told, for nothing was known. */
async function running(options?: Partial<MongoChangesOptions>) {
  const site = await startWireSite();
  onTestFinished(site.close);
  const under = sourceUnderTest(site, options);
  const log = createTakingLog();
  const taker = await openRunning(under, log);
  onTestFinished(() => taker.close());
  expect(log.gaps).toHaveLength(1);
  return { ...site, under, log, taker };
}

const away = (taker: { news: readonly { state: string }[] }): number =>
  taker.news.filter(({ state }) => state === "away").length;

test("a MongoDB that hangs is away within the deadline; what is committed later is told in order, and nothing is missing", async () => {
  const { wire, under, log, taker } = await running();
  await under.commit("a1");
  await expectTold(log, ["a1"]);
  wire.freeze();
  const asked = performance.now();
  await eventually("it is told that it is away", () => stateOf(taker) === "away");
  // A second that the server may wait for news, and the deadline of 300 ms.
  expect(performance.now() - asked).toBeLessThan(4_000);
  wire.thaw();
  await under.commit("a2");
  await expectTold(log, ["a1", "a2"]);
  expect(log.gaps).toHaveLength(1);
});

test.each([
  ["is reset", undefined],
  [
    "says that the primary has stepped down",
    { code: 189, name: "PrimarySteppedDown", labels: ["ResumableChangeStreamError"] },
  ],
  ["has forgotten the cursor", { code: 43, name: "CursorNotFound" }],
])(
  "a stream whose connection %s goes on by itself: nothing is lost, and nothing is said",
  async (_what, error) => {
    const { wire, under, log, taker } = await running();
    wire.fail({ commands: ["getMore"], ...(error ? { error } : {}) });
    const streams = wire.asked("aggregate");
    await under.commit("a1");
    await eventually("the stream is opened anew", () => wire.asked("aggregate") > streams);
    await under.commit("a2");
    await expectTold(log, ["a1", "a2"]);
    expect([log.gaps.length, away(taker)]).toEqual([1, 0]);
  },
);

test("a refusal is told with its error, and tried again", async () => {
  const { wire, under, log, taker } = await running();
  const error = { code: 13, name: "Unauthorized" };
  wire.fail({ commands: ["getMore"], error });
  wire.fail({ commands: ["aggregate"], times: 2, error });
  await under.commit("a1");
  await eventually("it is told three times that it is away", () => away(taker) === 3);
  await under.commit("a2");
  await expectTold(log, ["a1", "a2"]);
  expect(taker.news.find((news) => news.state === "away")).toMatchObject({ error: { code: 13 } });
});

test.each([
  [
    "history is gone",
    { code: 286, name: "ChangeStreamHistoryLost", labels: ["NonResumableChangeStreamError"] },
  ],
  ["next event is larger than a message", { code: 10_334, name: "BSONObjectTooLarge" }],
  ["token is of another deployment", { code: 260, name: "InvalidResumeToken" }],
])("when its %s everything is forgotten once, and it goes on from now", async (_what, error) => {
  const { wire, under, log, taker } = await running();
  await under.commit("a1");
  await expectTold(log, ["a1"]);
  wire.fail({ commands: ["getMore", "aggregate"], error });
  await under.commit("lost");
  await eventually("a gap is told", () => log.gaps.length === 2);
  expect(log.gaps[1]!.reason).toBe("told to fail");
  await under.commit("a2");
  await expectTold(log, ["a1", "a2"]);
  expect([log.gaps.length, away(taker)]).toEqual([2, 0]);
});

test("events that come twice are told once", async () => {
  const { wire, db, under, log } = await running();
  wire.duplicate();
  await db.collection("records").insertMany([{ tag: "a1" }, { tag: "a2" }, { tag: "a3" }]);
  await expectTold(log, ["a1", "a2", "a3"]);
  await under.commit("a4");
  await expectTold(log, ["a1", "a2", "a3", "a4"]);
  expect(log.changes).toHaveLength(4);
});

test("a process that hangs is replaced after a while, and what it says late is not taken twice; then one works again", async () => {
  const { under, log, taker } = await running();
  const second = openTaker(under, log);
  onTestFinished(() => second.close());
  await eventually("the second is ready", () => stateOf(second) !== undefined);
  await under.commit("a1");
  await expectTold(log, ["a1"]);
  const release = taker.holdBack();
  await under.commit("a2");
  await expectTold(log, ["a1", "a2"]);
  const before = [taker, second].map(({ news }) => news.length);
  release();
  // Until then both may hand over each change: the log takes it from one of them.
  let commits = 0;
  await eventually("one of them stands by", async () => {
    await under.commit("more");
    commits += 1;
    return [taker, second].some(({ news }, at) =>
      news.slice(before[at]).some(({ state }) => state === "waiting"),
    );
  });
  await under.commit("last");
  await expectTold(log, ["a1", "a2", "last"]);
  expect([told(log, ["more"]).length, log.changes.length, log.gaps.length]).toEqual([
    commits,
    commits + 3,
    1,
  ]);
});

const lastTags = (log: TakingLog): readonly string[] | undefined =>
  log.changes.at(-1)?.tags.filter((tag) => !tag.endsWith(":*"));

test("the function is given the document, what was done to it, and the document before where that is kept", async () => {
  const seen: unknown[] = [];
  const { db, log } = await running({
    fullDocumentBeforeChange: "whenAvailable",
    collections: {
      issues(document, { operation, id, before, fields }) {
        seen.push({ document, operation, id: id as unknown, before, fields });
        return [`issue:${id}`];
      },
    },
  });
  await db.createCollection("issues", { changeStreamPreAndPostImages: { enabled: true } });
  const issues = db.collection<{ _id: number; title?: string; done?: boolean }>("issues");
  await db.collection("others").insertOne({});
  await issues.insertOne({ _id: 1, title: "leak" });
  await eventually("the insert is told", () => lastTags(log)?.[0] === "issue:1");
  await issues.updateOne({ _id: 1 }, { $set: { done: true }, $unset: { title: 1 } });
  await eventually("the update is seen", () => seen.length === 2);
  await issues.replaceOne({ _id: 1 }, { title: "roof" });
  await eventually("the replacement is seen", () => seen.length === 3);
  await issues.deleteOne({ _id: 1 });
  await eventually("the deletion is seen", () => seen.length === 4);
  const [roof, leak] = [
    { _id: 1, title: "roof" },
    { _id: 1, title: "leak" },
  ];
  const none = { id: 1, document: undefined, before: undefined, fields: [] };
  expect(seen).toEqual([
    { ...none, operation: "insert", document: leak },
    {
      ...none,
      operation: "update",
      document: { _id: 1, done: true },
      before: leak,
      fields: ["done", "title"],
    },
    { ...none, operation: "replace", document: roof, before: { _id: 1, done: true } },
    { ...none, operation: "delete", before: roof },
  ]);
});

test("when a collection or the database is dropped all of its tags move, and the stream goes on behind that", async () => {
  const all = ["issues"];
  const { db, log, taker } = await running({
    collections: { issues: { tags: (document) => [document?.["tag"] as string], all } },
  });
  const issues = db.collection("issues");
  await issues.insertOne({ tag: "a1" });
  await expectTold(log, ["a1"]);
  await issues.drop();
  await eventually("the drop is told", () => lastTags(log)?.[0] === "issues");
  await issues.insertOne({ tag: "a2" });
  await expectTold(log, ["a1", "a2"]);
  const before = told(log, all).length;
  await db.dropDatabase();
  await eventually("collection, database and end are told", () => told(log, all).length === before + 3);
  await issues.insertOne({ tag: "a3" });
  await expectTold(log, ["a1", "a2", "a3"]);
  expect([log.gaps.length, taker.news.some(({ state }) => state === "waiting")]).toEqual([1, false]);
});
