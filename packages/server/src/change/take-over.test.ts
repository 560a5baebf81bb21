import { until } from "@livecache/rig";
import { LiveError } from "@livecache/wire";
import type { ErrorCode } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { ChangeInput, ChangeLog, ChangeRecord } from "../ports/change-log.ts";
import type { ChangeSink, ChangeSource, SourceChange } from "../ports/change-source.ts";
import { createSources } from "./sources.ts";
import type { OpenSource, SourceOptions } from "./sources.ts";

type Fault = (change: ChangeInput) => "before" | "after" | undefined;

/** A node that takes over a source which does what the test does, over a log whose calls the test can make fail. */
function openSite(options: SourceOptions = {}) {
  const { changeLog } = createMemoryGround().realm("main");
  const records: ChangeRecord[] = [];
  const warnings: string[] = [];
  const fault = { next: (() => undefined) as Fault, code: "LIVE_GROUND_TIMEOUT" as ErrorCode };
  const flaky: ChangeLog = {
    ...changeLog,
    async append(change) {
      const when = fault.next(change);
      if (when === "before") throw new LiveError(fault.code, "lost");
      const position = await changeLog.append(change);
      if (when === "after") throw new LiveError(fault.code, "lost");
      return position;
    },
  };
  changeLog.tail({
    node: "reader",
    onEvent: (event) => void (event.type === "records" && records.push(...event.records)),
  });
  const sources = createSources({
    ...{ node: "n1", changeLog: flaky, clock: systemClock },
    warn: (message) => void warnings.push(message),
  });
  onTestFinished(() => sources.close());
  const { source, sink } = sourceOf("outbox");
  const opened = sources.open(source, options);
  const tags = () => records.flatMap((record) => record.tags);
  return { sources, opened, sink: sink(), changeLog, fault, records, warnings, tags };
}

/** A source of which the test uses the sink. */
function sourceOf(name: string): { source: ChangeSource; sink: () => ChangeSink } {
  let given: ChangeSink | undefined;
  const source: ChangeSource = {
    name,
    open(sink) {
      given = sink;
      return { close: async () => undefined };
    },
  };
  return { source, sink: () => given! };
}

const change = (place: string, part: Partial<SourceChange> = {}): SourceChange => ({
  ...{ place, changeId: `c${place}`, tags: [place], mode: "purge", events: [] },
  ...part,
});

const changes = (count: number): readonly SourceChange[] =>
  Array.from({ length: count }, (_, index) => change(`p${index}`));

const placesOf = (list: readonly SourceChange[]) => list.map(({ place }) => place);

test("changes go into the log in order with their places, and the status says how many", async () => {
  const { sink, opened, tags, changeLog } = openSite();
  expect(await sink.place()).toBeUndefined();
  const all = changes(120);
  await sink.take(all);
  expect(tags()).toEqual(placesOf(all));
  expect(await changeLog.sourcePlace("outbox")).toBe("p119");
  expect(opened.status()).toMatchObject({ taken: 120, place: "p119", poisoned: 0, gaps: 0 });
  await sink.take([]);
  expect(tags()).toHaveLength(120);
});

test("whatever call is lost, before it arrives or after, each change is made once and in order", async () => {
  for (const when of ["before", "after"] as const) {
    for (const lost of ["p0", "p7", "p49", "p50", "p59"]) {
      const { sink, fault, tags } = openSite();
      let left = 1;
      fault.next = ({ source }) => (source?.place === lost && left-- > 0 ? when : undefined);
      const all = changes(60);
      await sink.place();
      await sink.take(all);
      expect(tags(), `${when} ${lost}`).toEqual(placesOf(all));
    }
  }
});

test("all answers of a go that are lost together are found in the log", async () => {
  const { sink, fault, tags } = openSite();
  let left = 50;
  fault.next = () => (left-- > 0 ? "after" : undefined);
  await sink.place();
  await sink.take(changes(70));
  expect(tags()).toEqual(placesOf(changes(70)));
});

test("a ground that is away, or refuses us, is waited for; closing ends that", async () => {
  for (const code of ["LIVE_GROUND_AWAY", "LIVE_GROUND_REFUSED"] as const) {
    const { sink, opened, fault, tags } = openSite();
    fault.code = code;
    fault.next = () => "before";
    await sink.place();
    const taken = sink.take(changes(2));
    await until(() => opened.status().error !== undefined, { what: "it is noted", withinMs: 5_000 });
    expect(tags()).toEqual([]);
    fault.next = () => undefined;
    await taken;
    expect(opened.status().error).toBeUndefined();
    fault.next = () => "before";
    const given = sink.take([change("p9")]).catch((error: unknown) => error);
    await opened.close();
    expect(await given).toMatchObject({ code: "LIVE_CLOSED" });
    expect(opened.status().state).toBe("closed");
    expect(tags()).toEqual(["p0", "p1"]);
  }
});

test("a log that was taken further by somebody else says so, and the source begins from there", async () => {
  const { sink, changeLog, tags } = openSite();
  await sink.place();
  await sink.take([change("p0")]);
  const step = { name: "outbox", after: "p0", place: "elsewhere" };
  await changeLog.append({ ...change("x"), origin: "n2", source: step });
  await expect(sink.take(changes(3).slice(1))).rejects.toMatchObject({
    code: "LIVE_SOURCE_MOVED",
    details: { place: "elsewhere" },
  });
  expect(await sink.place()).toBe("elsewhere");
  await sink.take([change("p2")]);
  expect(tags()).toEqual(["p0", "x", "p2"]);
});

test("a gap forgets everything and goes on behind it", async () => {
  const { sink, opened, changeLog, warnings } = openSite();
  await sink.place();
  const { epoch } = await changeLog.position();
  await sink.gap({ place: "p9", reason: "the slot was lost" });
  expect((await changeLog.position()).epoch).not.toBe(epoch);
  expect(await changeLog.sourcePlace("outbox")).toBe("p9");
  expect(opened.status().gaps).toBe(1);
  expect(warnings[0]).toMatch(/changes may be missing/);
});

test("what the log cannot take is poison: reported, and passed over, or all is forgotten, or the source stops", async () => {
  const flawed = [
    { tags: ["line\nend"] },
    { tags: [7 as unknown as string] },
    { tags: Array.from({ length: 2_001 }, (_, index) => `t${index}`) },
    { changeId: "" },
    { changeId: "a\nb" },
    { events: Array.from({ length: 101 }, () => ({ channel: "c", name: "e", body: "1" })) },
  ];
  for (const [index, part] of flawed.entries()) {
    const { sink, opened, tags, changeLog, warnings } = openSite();
    await sink.place();
    await sink.take([change("p0"), change("p1", part), change("p2")]);
    expect(tags(), JSON.stringify(index)).toEqual(["p0", "p2"]);
    expect(opened.status().poisoned).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(await changeLog.sourcePlace("outbox")).toBe("p2");
  }
  const whole = Array.from({ length: 2_000 }, (_, index) => `t${index}`);
  const fine = openSite();
  await fine.sink.take([change("p0", { tags: whole, changeId: "c".repeat(512) })]);
  expect(fine.opened.status().poisoned).toBe(0);
});

test("poison that is to be forgotten starts another epoch; poison that stops is not passed", async () => {
  const forgetting = openSite({ poison: "forget" });
  const { epoch } = await forgetting.changeLog.position();
  await forgetting.sink.refuse({ place: "p0", record: "row 1", error: new Error("no") });
  expect((await forgetting.changeLog.position()).epoch).not.toBe(epoch);
  const stopping = openSite({ poison: "stop" });
  const refused = stopping.sink.refuse({ place: "p0", record: "row 1", error: new Error("no") });
  await expect(refused).rejects.toMatchObject({ code: "LIVE_SOURCE_STOPPED", details: { place: "p0" } });
  expect(await stopping.changeLog.sourcePlace("outbox")).toBeUndefined();
});

test("what is refused by the log itself is poison too", async () => {
  const { sink, fault, opened, tags } = openSite();
  fault.code = "LIVE_INPUT_INVALID";
  fault.next = ({ changeId }) => (changeId === "cp1" ? "before" : undefined);
  await sink.place();
  await sink.take(changes(3));
  expect(tags()).toEqual(["p0", "p2"]);
  expect(opened.status().poisoned).toBe(1);
});

test("places that cannot be remembered are a fault of the source", async () => {
  const { sink, tags } = openSite();
  for (const place of ["", "a\nb", "x".repeat(4_097), 7 as unknown as string]) {
    await expect(sink.take([change("p0"), change(place)])).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
    });
  }
  await expect(sink.gap({ place: "", reason: "x" })).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  expect(tags()).toEqual([]);
  await sink.take([change("x".repeat(4_096), { tags: ["t"], changeId: "c" })]);
  expect(tags()).toHaveLength(1);
});

test("sources have names, each is open once, and none after closing", async () => {
  const { sources, opened } = openSite();
  const open = (name: unknown, options?: object): OpenSource =>
    sources.open(sourceOf(name as string).source, options);
  for (const name of ["", "a b", "x".repeat(65), undefined, "outbox"]) {
    expect(() => open(name), String(name)).toThrow(/source: name/);
  }
  expect(() => open("other", { poison: "ignore" })).toThrow(/"skip", "forget" or "stop"/);
  expect(() => open("other", { poisson: "skip" })).toThrow(/Did you mean "poison"/);
  open("x".repeat(64));
  await Promise.all([opened.close(), opened.close()]);
  open("outbox").wake();
  await sources.close();
  expect(() => open("late")).toThrow(expect.objectContaining({ code: "LIVE_CLOSED" }));
});
