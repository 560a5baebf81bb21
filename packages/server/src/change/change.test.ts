import { until } from "@livecache/rig";
import { LiveError } from "@livecache/wire";
import type { ErrorCode, Position } from "@livecache/wire";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createSignals } from "../base/signals.ts";
import { createTasks } from "../base/tasks.ts";
import { createTracing } from "../base/tracing.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { ChangeInput, ChangeLog, ChangeRecord, OutgoingEvent } from "../ports/change-log.ts";
import { MAX_CHANGE_EVENTS, createChanges } from "./change.ts";
import type { ChangeRequest } from "./change.ts";
import { createJournal } from "./journal.ts";
import { createSteadiness } from "./steadiness.ts";

/** A node that changes, over a log whose calls the test can make fail. */
function createNode(limits = { maxChanges: 100, maxBytes: 10_000 }) {
  const { changeLog } = createMemoryGround().realm("main");
  const closing = new AbortController();
  const tasks = createTasks((error) => {
    throw error;
  });
  const seen = {
    records: [] as ChangeRecord[],
    appended: [] as Position[],
    pending: [] as ChangeInput[],
    attempts: [] as ChangeInput[],
    warnings: [] as string[],
    starts: 0,
  };
  /** `"before"`: the call never arrives. `"after"`: it takes effect, and the answer is lost. */
  const fault = { when: "never" as "never" | "before" | "after", code: "LIVE_GROUND_TIMEOUT" as ErrorCode };
  const flaky: ChangeLog = {
    ...changeLog,
    async append(change) {
      const { when, code } = fault;
      seen.attempts.push(change);
      if (when === "before") throw new LiveError(code, "lost");
      const position = await changeLog.append(change);
      if (when === "after") throw new LiveError(code, "lost");
      return position;
    },
  };
  changeLog.tail({
    node: "reader",
    onEvent(event) {
      if (event.type === "records") seen.records.push(...event.records);
      if (event.type === "start") seen.starts++;
    },
  });
  const applied = () => ({ epoch: seen.records.at(-1)?.position.epoch ?? "x", seq: 0 });
  const shared = { changeLog: flaky, clock: systemClock, tasks, signal: closing.signal, applied };
  const journal = createJournal({
    ...shared,
    limits,
    onAppended: (position) => seen.appended.push(position),
    warn: (message) => seen.warnings.push(message),
  });
  const steadiness = createSteadiness(systemClock);
  const changes = createChanges<OutgoingEvent>({
    ...shared,
    node: "n1",
    steadiness,
    signals: createSignals("n1"),
    tracing: createTracing(),
    journal,
    leaseMs: 50,
    prepare: (event) =>
      event.body === "bad"
        ? Promise.reject(new LiveError("LIVE_EVENT_INVALID", "bad body"))
        : Promise.resolve(event),
    usable: () => journal.isEmpty(),
    onAppended: (position) => seen.appended.push(position),
    onPending: (change) => seen.pending.push(change),
  });
  return { changes, changeLog, journal, steadiness, tasks, closing, fault, seen };
}

const event = (body: string): OutgoingEvent => ({ channel: "c", name: "e", body });

test("a change moves each tag and the keys below it, once, and answers its position", async () => {
  const { changes, seen } = createNode();
  const result = await changes.change({ tags: ["a", "b", "a"], emit: [event("1")] });
  expect(result).toMatchObject({ scope: "cluster", pending: false });
  expect(seen.records).toHaveLength(1);
  expect(seen.records[0]).toMatchObject({
    tags: ["a", "a:*", "b", "b:*"],
    channels: ["c"],
    origin: "n1",
    changeId: result.changeId,
    position: result.position,
  });
  expect(seen.appended).toEqual([result.position]);
});

test("every change has an id of its own", async () => {
  const { changes } = createNode();
  const ids = await Promise.all(
    Array.from({ length: 50 }, async () => (await changes.change({ tags: ["a"] })).changeId),
  );
  expect(new Set(ids).size).toBe(50);
});

test("bad input is refused by name, and nothing is appended", async () => {
  const { changes, seen } = createNode();
  const make = (request: unknown) => changes.change(request as ChangeRequest<OutgoingEvent>);
  await expect(make({ tag: ["a"] })).rejects.toThrow(/unknown option "tag". Did you mean "tags"/);
  await expect(make({ tags: "a" })).rejects.toThrow(/tags: expected a list/);
  await expect(make({ tags: [""] })).rejects.toThrow(/tag ""/);
  await expect(make({ emit: event("1") })).rejects.toThrow(/emit must be a list/);
  await expect(make({ tags: ["a"], wait: "yes" })).rejects.toThrow(/wait must be "applied"/);
  await expect(make({ tags: ["a"], emit: [event("1"), event("bad")] })).rejects.toMatchObject({
    code: "LIVE_EVENT_INVALID",
  });
  expect(seen.records).toEqual([]);
});

test("a change may name 1,000 tags and 100 events, and no more", async () => {
  const { changes } = createNode();
  const tags = Array.from({ length: 1_001 }, (_, index) => `t${index}`);
  const emit = Array.from({ length: MAX_CHANGE_EVENTS + 1 }, () => event("1"));
  await expect(changes.change({ tags: tags.slice(1), emit: emit.slice(1) })).resolves.toMatchObject({
    pending: false,
  });
  await expect(changes.change({ tags })).rejects.toThrow(/received 1001, at most 1000/);
  await expect(changes.change({ emit })).rejects.toThrow(/101 events, at most 100/);
});

test("a change that the ground does not answer is pending, never silently ok, and is told to it later, once", async () => {
  for (const when of ["before", "after"] as const) {
    const { changes, journal, tasks, fault, seen } = createNode();
    await changes.change({ tags: ["first"] });
    fault.when = when;
    const result = await changes.change({ tags: ["a"] });
    expect(result).toMatchObject({ scope: "local", pending: true });
    expect(seen.pending).toHaveLength(1);
    expect(journal.isEmpty()).toBe(false);
    fault.when = "never";
    await tasks.settled();
    expect(journal.isEmpty()).toBe(true);
    expect(seen.records.filter((record) => record.changeId === result.changeId)).toHaveLength(1);
    expect(seen.appended.at(-1)).toEqual(seen.records.at(-1)?.position);
  }
});

test("changes made while others wait queue up behind them", async () => {
  const { changes, tasks, fault, seen } = createNode();
  fault.when = "before";
  await changes.change({ tags: ["one"] });
  fault.when = "never";
  expect(await changes.change({ tags: ["two"] })).toMatchObject({ pending: true });
  await tasks.settled();
  expect(seen.records.map((record) => record.tags[0])).toEqual(["one", "two"]);
});

test("many that wait are told in one go, in the order they were made", async () => {
  const { changes, tasks, fault, seen } = createNode({ maxChanges: 1_000, maxBytes: 100_000 });
  fault.when = "before";
  fault.code = "LIVE_GROUND_AWAY";
  const names = Array.from({ length: 250 }, (_, index) => `t${index}`);
  for (const name of names) await changes.change({ tags: [name] });
  const attemptsBefore = seen.attempts.length;
  fault.when = "never";
  await tasks.settled();
  expect(seen.records.map((record) => record.tags[0])).toEqual(names);
  expect(seen.attempts.length - attemptsBefore).toBe(names.length);
});

test("only a change whose attempt may have got there is looked for in the log", async () => {
  const { changes, tasks, fault, seen } = createNode();
  await changes.change({ tags: ["first"] });
  fault.when = "before";
  fault.code = "LIVE_GROUND_AWAY";
  await changes.change({ tags: ["known"] });
  fault.code = "LIVE_GROUND_TIMEOUT";
  await until(() => seen.attempts.at(-1)?.retryAfter, { what: "it is looked for", withinMs: 5_000 });
  fault.when = "never";
  await tasks.settled();
  const attempts = seen.attempts.filter(({ tags }) => tags[0] === "known");
  expect(attempts[1]?.retryAfter).toBeUndefined();
  expect(attempts.at(-1)?.retryAfter?.epoch).toBe(seen.records[0]?.position.epoch);
  expect(seen.records.map((record) => record.tags[0])).toEqual(["first", "known"]);
});

test("a change that the ground refuses for good is an error", async () => {
  const { changes, fault, journal } = createNode();
  fault.when = "before";
  fault.code = "LIVE_GROUND_REFUSED";
  await expect(changes.change({ tags: ["a"] })).rejects.toMatchObject({ code: "LIVE_GROUND_REFUSED" });
  expect(journal.isEmpty()).toBe(true);
});

test("a waiting change that is refused for good empties all caches instead of being forgotten", async () => {
  const { changes, fault, seen, tasks } = createNode();
  fault.when = "before";
  await changes.change({ tags: ["a"] });
  fault.code = "LIVE_GROUND_REFUSED";
  await tasks.settled();
  expect(seen.starts).toBe(2);
  expect(seen.warnings).toHaveLength(1);
});

test.each([
  [{ maxChanges: 3, maxBytes: 10_000 }, 3],
  [{ maxChanges: 100, maxBytes: 30 }, 3],
])("a journal holds %j, and one more change becomes a new epoch", async (limits, fits) => {
  const within = createNode(limits);
  within.fault.when = "before";
  // Each moves a tag of 4 characters and its subtree of 6: 10 bytes.
  for (let i = 0; i < fits; i++) await within.changes.change({ tags: [`tag${i}`] });
  within.fault.when = "never";
  await within.tasks.settled();
  expect([within.seen.starts, within.seen.records.length]).toEqual([1, fits]);

  const beyond = createNode(limits);
  beyond.fault.when = "before";
  for (let i = 0; i <= fits; i++) await beyond.changes.change({ tags: [`tag${i}`] });
  beyond.fault.when = "never";
  await beyond.tasks.settled();
  expect([beyond.seen.starts, beyond.seen.records.length]).toEqual([2, 0]);
  expect(beyond.seen.warnings).toHaveLength(1);
  expect(beyond.journal.isEmpty()).toBe(true);
});

test("closing ends the waiting, and says nothing more to the ground", async () => {
  const { changes, fault, tasks, closing, seen } = createNode();
  fault.when = "before";
  await changes.change({ tags: ["a"] });
  closing.abort();
  await tasks.settled();
  expect(seen.records).toEqual([]);
});

test("wait: applied resolves when every node with a tail has acknowledged, or a lease has passed", async () => {
  const { changes, changeLog, seen } = createNode();
  let resolved = false;
  const waiting = changes.change({ tags: ["a"], wait: "applied" }).then((result) => {
    resolved = true;
    return result;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toBe(false);
  expect(seen.records.map(({ awaited }) => awaited)).toEqual([true]);
  await changeLog.acknowledge("reader", await changeLog.position());
  await waiting;
  const startedAt = performance.now();
  await changes.change({ tags: ["b"], wait: "applied" });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
});

test("wait: applied waits out the lease while nodes may be missing from the register: the ground is back, or has another epoch", async () => {
  const { changes, steadiness } = createNode();
  steadiness.returned();
  const startedAt = performance.now();
  await changes.change({ tags: ["a"], wait: "applied" });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
});

test("a soft change stands in the log as one, and a change is hard unless it says so", async () => {
  const { changes, seen } = createNode();
  await changes.change({ tags: ["a"], mode: "stale" });
  await changes.change({ tags: ["a"] });
  expect(seen.records.map(({ mode }) => mode)).toEqual(["stale", "purge"]);
});

test("delayedAgain says the same once more, without events", async () => {
  const { changes, seen } = createNode();
  await changes.change({ tags: ["a"], emit: [event("1")], mode: "stale", delayedAgain: "20ms" });
  expect(seen.records).toHaveLength(1);
  await expect.poll(() => seen.records.length).toBe(2);
  const [first, again] = seen.records;
  expect(again).toMatchObject({ tags: first!.tags, mode: "stale", channels: [] });
  expect(again!.changeId).not.toBe(first!.changeId);
});

test("what is still to be said once more is said at once when the node closes", async () => {
  const { changes, seen, closing } = createNode();
  await changes.change({ tags: ["a"], delayedAgain: "60s" });
  expect(seen.records).toHaveLength(1);
  closing.abort();
  await changes.settled();
  expect(seen.records).toHaveLength(2);
});

test.each([
  [{ mode: "soft" }, /mode must be "stale" or "purge", received "soft"/],
  [{ wait: true }, /wait must be "applied" or absent, received true/],
  [{ delayedAgain: "61s" }, /delayedAgain is 61000 ms, at most 60000/],
  [{ delayedAgain: 5 }, /delayedAgain.*"5s"/],
])("a change with %j is refused, and nothing happens", async (fault, message) => {
  const { changes, seen } = createNode();
  await expect(changes.change({ tags: ["a"], ...fault } as ChangeRequest<OutgoingEvent>)).rejects.toThrow(
    message,
  );
  expect(seen.records).toEqual([]);
});
