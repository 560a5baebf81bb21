import { expect, test } from "vitest";
import { movedBy } from "../../src/base/names.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { quick, slowLoad } from "../cache/test-node.ts";
import { holdNextRead, openCluster } from "./hazard-site.ts";

/** Hazards of order: what was under way when the change came, and arrives after it. */

/** What everybody writes first: a map, emptied by what the log tells. */
function naiveNode({ changeLog, cacheStore }: Realm) {
  const memory = new Map<string, { readonly text: string; readonly tags: readonly string[] }>();
  const forget = (tags: readonly string[]): void => {
    for (const [key, entry] of memory) if (entry.tags.some((tag) => tags.includes(tag))) memory.delete(key);
  };
  changeLog.tail({
    node: "naive",
    onEvent(event) {
      if (event.type === "records") for (const record of event.records) forget(record.tags);
    },
  });
  return {
    async read(key: string): Promise<string | undefined> {
      const near = memory.get(key);
      if (near) return near.text;
      const [reply] = await cacheStore.read([key]);
      if (reply?.state !== "valid") return undefined;
      const text = Buffer.from(reply.entry.value).toString();
      memory.set(key, { text, tags: reply.entry.tags });
      return text;
    },
  };
}

test("a late reply does not undo a change: naive", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  await a.load("k", quick("old", ["t"]));
  const { ground: slow, held } = holdNextRead(ground);
  const naive = naiveNode(slow.realm("main"));
  const reading = naive.read("k");
  await held.isUnderWay;
  await a.change("t");
  held.letThrough();
  await reading;
  expect(await naive.read("k")).toContain("old");
});

test("a late reply does not undo a change: ours", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  await a.load("k", quick("old", ["t"]));
  const { ground: slow, held } = holdNextRead(ground);
  const b = node("b", slow);
  const reading = b.load("k", quick("unused", ["t"]));
  await held.isUnderWay;
  await a.change("t");
  held.letThrough();
  expect(await reading).toMatchObject({ value: "old" });
  expect(await b.load("k", quick("new", ["t"]))).toMatchObject({ value: "new", source: "load" });
});

test("the own node forgets before change resolves: naive, it forgets when the log tells", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  await a.load("k", quick("old", ["t"]));
  const realm = ground.realm("main");
  const { changeLog } = realm;
  let isHeardOf = (): void => undefined;
  const late: Realm = {
    ...realm,
    changeLog: {
      ...changeLog,
      tail: ({ node: name, onEvent }) =>
        changeLog.tail({
          node: name,
          onEvent: (event) =>
            event.type === "records" ? (isHeardOf = () => onEvent(event)) : onEvent(event),
        }),
    },
  };
  const naive = naiveNode(late);
  await naive.read("k");
  await changeLog.append({ changeId: "1", origin: "naive", tags: movedBy("t"), mode: "purge", events: [] });
  expect(await naive.read("k")).toContain("old");
  isHeardOf();
  expect(await naive.read("k")).toBeUndefined();
});

test("the own node forgets before change resolves: ours", async () => {
  const { node } = openCluster();
  const a = node("a");
  await a.load("k", quick("old", ["t"]));
  a.hearing = false;
  await a.change("t");
  expect(a.room.peek("k", undefined)).toBeUndefined();
  expect(await a.load("k", quick("new", ["t"]))).toMatchObject({ value: "new", source: "load" });
});

test("the own node forgets although the ground was not reached: ours", async () => {
  const { node } = openCluster();
  const a = node("a");
  await a.load("k", quick("old", ["t"]));
  a.usable = false;
  a.room.forget(movedBy("t"));
  expect(await a.load("k", quick("new", ["t"]))).toMatchObject({ value: "new", reason: "ground-away" });
});

test("joining an old flight: naive, one promise for all who ask", async () => {
  const flying = new Map<string, Promise<string>>();
  const share = (key: string, load: () => Promise<string>): Promise<string> => {
    const running = flying.get(key) ?? load().finally(() => flying.delete(key));
    flying.set(key, running);
    return running;
  };
  let row = "old";
  let end = (): void => undefined;
  const before = share("k", async () => {
    const read = row;
    await new Promise<void>((resolve) => (end = resolve));
    return read;
  });
  row = "new";
  // The change has returned by now, so this reader may not get what was read before it.
  const after = share("k", async () => row);
  end();
  expect(await before).toBe("old");
  expect(await after).toBe("old");
});

test("joining an old flight: ours, who came before the change shares it, who came after looks again", async () => {
  const { node } = openCluster();
  const [a, b] = [node("a"), node("b")];
  const slow = slowLoad("old", ["t"]);
  const before = a.load("k", slow.load);
  await slow.started;
  const beside = a.load("k", quick("unused", ["t"]));
  await b.change("t");
  const after = a.load("k", quick("new", ["t"]));
  const elsewhere = b.load("k", quick("new", ["t"]));
  slow.end();
  expect(await before).toMatchObject({ value: "old", stored: false });
  expect((await beside).value).toMatch(/old|new/);
  expect(await after).toMatchObject({ value: "new" });
  expect(await elsewhere).toMatchObject({ value: "new" });
});

test("an event that only means unknown voids no load under way: naive, everything heard counts as a change", async () => {
  const { ground, node } = openCluster();
  let generation = 0;
  ground
    .realm("main")
    .changeLog.tail({ node: "naive", onEvent: ({ type }) => void (type !== "heard" && generation++) });
  const a = node("a");
  const slow = slowLoad("value", ["t"]);
  const began = generation;
  const reading = a.load("k", slow.load);
  await slow.started;
  // Nothing that the value depends on has moved.
  await a.change("something else");
  slow.end();
  const mayStore = began === generation;
  expect(mayStore).toBe(false);
  expect(await reading).toMatchObject({ stored: true });
});

test("an event that only means unknown voids no load under way: ours", async () => {
  const { node } = openCluster();
  const [a, b] = [node("a"), node("b")];
  const slow = slowLoad("value", ["t"]);
  const reading = a.load("k", slow.load);
  await slow.started;
  // The log starts again: whatever may have been missed is not known, and nothing has changed.
  a.room.reset(a.room.applied()!);
  slow.end();
  expect(await reading).toMatchObject({ value: "value", stored: true });
  expect(await a.load("k", quick("again", ["t"]))).toMatchObject({ value: "value" });
  expect(await b.load("k", quick("again", ["t"]))).toMatchObject({ value: "value", source: "far" });
  expect(slow.counter.loads).toBe(1);
});

test("tags known only after the load: naive, their state is noted when they are known", async () => {
  const { ground, node } = openCluster();
  const a = node("a");
  const realm = ground.realm("main");
  const { cacheStore, changeLog } = realm;
  const naive = {
    ...cacheStore,
    commit: async (input: Parameters<typeof cacheStore.commit>[0]) =>
      cacheStore.commit({ ...input, position: await changeLog.position() }),
  };
  const stamping = node("stamping", { ...ground, realm: () => ({ ...realm, cacheStore: naive }) });
  const slow = slowLoad("old", ["found out late"]);
  const reading = stamping.load("k", slow.load);
  await slow.started;
  await a.change("found out late");
  slow.end();
  await reading;
  expect(await a.load("k", quick("new", ["found out late"]))).toMatchObject({ value: "old" });
});

test("tags known only after the load: ours", async () => {
  const { node } = openCluster();
  const [a, b] = [node("a"), node("b")];
  const slow = slowLoad("old", ["found out late"]);
  const reading = b.load("k", slow.load);
  await slow.started;
  await a.change("found out late");
  slow.end();
  expect(await reading).toMatchObject({ value: "old", stored: false });
  expect(await a.load("k", quick("new", ["found out late"]))).toMatchObject({ value: "new", source: "load" });
  expect(await b.load("k", quick("newer", ["found out late"]))).toMatchObject({ value: "new" });
});
