import { expect, test } from "vitest";
import { isClean, judge } from "./check.ts";
import type { Verdict } from "./check.ts";
import type { ClientHistory, Note, PublishedEvent } from "./history.ts";

/** Events `p-1` to `p-<count>` of one channel, acknowledged at positions of epoch `l` with the same numbers; the last is the final one. */
function published(count: number): PublishedEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `p-${index + 1}`,
    channel: "news/1",
    position: `l.${index + 1}`,
    ...(index + 1 === count && { final: true }),
  }));
}

const joined = (resumed?: boolean): Note => ({ kind: "joined", resumed });
const offline: Note = { kind: "offline" };

/** The event `p-<n>` at its own place, or at another one. */
function event(n: number, cursor = `c-${n}`, position = `l.${n}`): Note {
  return { kind: "event", id: `p-${n}`, cursor, position };
}

function early(n: number): Note {
  return { kind: "event", id: `p-${n}` };
}

function events(from: number, to: number): Note[] {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
}

function history(
  client: string,
  notes: readonly Note[],
  level: ClientHistory["level"] = "wire",
): ClientHistory {
  return { client, channel: "news/1", level, notes };
}

/** Somebody who has seen all of them, so that their places are known. */
const witness = (count: number): ClientHistory => history("witness", [joined(), ...events(1, count)]);

/** What is not zero, of what is a fault. */
function faults(verdict: Verdict): Partial<Verdict> {
  const { lost, duplicated, reordered, uninvited, crossed, unconverged, invented, contradictions } = verdict;
  const all = { lost, duplicated, reordered, uninvited, crossed, unconverged, invented, contradictions };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

test("an uninterrupted history is clean", () => {
  const verdict = judge({ published: published(5), histories: [witness(5)] });
  expect(verdict).toMatchObject({ delivered: 5, noticed: 0, resumed: 0, findings: [] });
  expect(isClean(verdict)).toBe(true);
});

test("who comes back and is sent what they missed has lost nothing", () => {
  const notes = [joined(), ...events(1, 2), offline, joined(true), ...events(3, 6)];
  const verdict = judge({ published: published(6), histories: [witness(6), history("one", notes)] });
  expect(faults(verdict)).toEqual({});
  expect(verdict).toMatchObject({ resumed: 1, resynced: 0 });
});

test("a hole is a loss, and the finding names it", () => {
  const notes = [joined(), ...events(1, 2), ...events(5, 6)];
  const verdict = judge({ published: published(6), histories: [witness(6), history("one", notes)] });
  expect(faults(verdict)).toEqual({ lost: 2 });
  expect(verdict.findings[0]).toBe("one in news/1: lost: p-3 at c-3");
  expect(isClean(verdict)).toBe(false);
});

test("a hole that nobody can fill is a loss too", () => {
  const verdict = judge({
    published: published(6),
    histories: [history("one", [joined(), ...events(1, 2), ...events(5, 6)])],
  });
  // Two by their places, and the same two by their acknowledgements.
  expect(faults(verdict)).toEqual({ lost: 4 });
});

test("a notice covers a hole: up to its cursor, or up to the next event", () => {
  const resync: Note = { kind: "resync", reason: "trimmed", cursor: "c-4", position: "l.4" };
  const { cursor: _, position: __, ...bare } = resync;
  const wire = [joined(), ...events(1, 2), offline, resync, joined(false), ...events(5, 6)];
  const app = [joined(), ...events(1, 2), offline, bare, joined(false), ...events(5, 6)];
  const histories = [witness(6), history("one", wire), history("other", app, "app")];
  const verdict = judge({ published: published(6), histories });
  expect(faults(verdict)).toEqual({});
  expect(verdict).toMatchObject({ noticed: 4, resynced: 2, told: 0 });
});

test("a notice covers nothing behind its cursor", () => {
  const resync: Note = { kind: "resync", reason: "lost", cursor: "c-3", position: "l.3" };
  const notes = [joined(), ...events(1, 2), resync, ...events(5, 6)];
  const verdict = judge({ published: published(6), histories: [witness(6), history("one", notes)] });
  expect(faults(verdict)).toEqual({ lost: 1 });
  expect(verdict).toMatchObject({ noticed: 1, told: 1 });
});

test("what comes twice is a duplicate, and what comes late a reorder", () => {
  const twice = [joined(), ...events(1, 3), event(3), ...events(4, 6)];
  const late = [joined(), ...events(1, 2), event(4), event(3), ...events(5, 6)];
  const histories = [witness(6), history("twice", twice), history("late", late)];
  expect(faults(judge({ published: published(6), histories }))).toEqual({
    duplicated: 1,
    reordered: 1,
    lost: 1,
  });
});

test("an event told before it had a place may come once more on the wire, and not to the application", () => {
  const wire = [joined(), ...events(1, 2), early(3), early(4), event(3), event(4), event(5)];
  const app = [joined(), ...events(1, 2), early(3), early(4), event(5)];
  const clean = judge({
    published: published(5),
    histories: [witness(5), history("wire", wire), history("app", app, "app")],
  });
  expect(faults(clean)).toEqual({});
  expect(clean.early).toBe(4);
  const again = [...wire.slice(0, 6), event(3), ...wire.slice(6)];
  const dirty = judge({
    published: published(5),
    histories: [witness(5), history("wire", again), history("app", wire, "app")],
  });
  expect(faults(dirty)).toEqual({ duplicated: 3 });
});

test("an early event that nobody has seen with its place explains one hole, and no more", () => {
  const app = [joined(), ...events(1, 2), early(3), event(5)];
  const unknown = published(5).map(({ id, channel, final }) => ({ id, channel, final }));
  expect(faults(judge({ published: unknown, histories: [history("app", app, "app")] }))).toEqual({ lost: 1 });
});

test("an unknown outcome is accepted either way, until somebody has seen its place", () => {
  const list = published(4).map((one) => (one.id === "p-3" ? { ...one, position: undefined } : one));
  const without = [joined(), ...events(1, 2), event(4, "c-3")];
  expect(faults(judge({ published: list, histories: [history("one", without)] }))).toEqual({});
  const hole = [joined(), ...events(1, 2), event(4)];
  const verdict = judge({ published: list, histories: [witness(4), history("one", hole)] });
  expect(faults(verdict)).toEqual({ lost: 1 });
});

test("what was acknowledged and has left no trace is a loss for everybody, unless a notice covers its position", () => {
  const notes = [joined(), event(1), event(3, "c-2"), event(4, "c-3")];
  const silent = judge({ published: published(4), histories: [history("one", notes)] });
  expect(faults(silent)).toEqual({ lost: 1 });
  const resync: Note = { kind: "resync", reason: "epoch", cursor: "d-0", position: "m.1" };
  const anew = [joined(), event(1), resync, event(4, "d-1", "m.2")];
  const list = [...published(3), { id: "p-4", channel: "news/1", position: "m.2", final: true }].map((one) =>
    one.id === "p-3" ? { ...one, final: undefined } : one,
  );
  const told = judge({ published: list, histories: [history("one", anew)] });
  expect(faults(told)).toEqual({});
  expect(told.noticed).toBe(2);
});

test("another epoch has to be told, and what it voids is not delivered again without a word", () => {
  const list = published(4).map((one) => (one.id === "p-2" ? { ...one, position: undefined } : one));
  const resync: Note = { kind: "resync", reason: "epoch", cursor: "d-0", position: "l.2" };
  const fresh = [event(2, "d-1", "l.2"), event(3, "d-2"), event(4, "d-3")];
  const told = judge({
    published: list,
    histories: [history("one", [joined(), ...events(1, 2), resync, ...fresh])],
  });
  expect(faults(told)).toEqual({});
  expect(told.repeated).toBe(1);
  const untold = judge({
    published: list,
    histories: [history("one", [joined(), ...events(1, 2), ...fresh])],
  });
  expect(faults(untold)).toEqual({ crossed: 1, duplicated: 1 });
  const backAgain = judge({
    published: list,
    histories: [history("one", [joined(), event(1), resync, ...fresh.slice(0, 2), event(9), fresh[2]!])],
  });
  expect(faults(backAgain)).toMatchObject({ reordered: 1, invented: 1 });
});

test("an application is told an early event anew in another epoch, with notice and if others saw it in both", () => {
  const list = published(4).map((one) => (one.id === "p-2" ? { ...one, position: undefined } : one));
  const resync: Note = { kind: "resync", reason: "epoch" };
  const placed: Note = { ...resync, cursor: "d-0", position: "l.2" };
  const fresh = [event(2, "d-1", "l.2"), event(3, "d-2"), event(4, "d-3")];
  const app = history("app", [joined(), event(1), early(2), resync, ...fresh], "app");
  const wire = history("wire", [joined(), event(1), early(2), event(2), placed, ...fresh]);
  const verdict = judge({ published: list, histories: [wire, app] });
  expect(faults(verdict)).toEqual({});
  expect(verdict.repeated).toBe(2);
  const once = history("wire", [joined(), event(1), early(2), placed, ...fresh]);
  expect(faults(judge({ published: list, histories: [once, app] }))).toEqual({ duplicated: 1 });
});

test("who is not in the channel gets nothing of it", () => {
  const notes = [joined(), ...events(1, 2), offline, event(3), joined(true), event(4)];
  const verdict = judge({ published: published(4), histories: [witness(4), history("one", notes)] });
  expect(faults(verdict)).toEqual({ uninvited: 1 });
});

test("who does not end with the last event has not converged, also when told", () => {
  const resync: Note = { kind: "resync", reason: "lost" };
  const histories = [
    witness(4),
    history("silent", [joined(), ...events(1, 2)]),
    history("told", [joined(), ...events(1, 2), resync], "app"),
    history("never", [joined(), event(1), offline]),
  ];
  expect(faults(judge({ published: published(4), histories }))).toEqual({ unconverged: 3, lost: 5 });
});

test("events that were never published are found, except those of a publisher that was killed", () => {
  const notes = [joined(), ...events(1, 3), event(4, "c-4", "l.4")];
  const list = published(3).map((one) => ({ ...one, final: undefined }));
  expect(faults(judge({ published: list, histories: [history("one", notes)] }))).toEqual({ invented: 1 });
  const killed = judge({ published: list, histories: [history("one", notes)], killed: ["p"] });
  expect(faults(killed)).toEqual({});
});

test("clients that have different events at one place contradict each other", () => {
  const other = [joined(), event(1), event(3, "c-2"), event(2, "c-3")];
  const verdict = judge({
    published: published(3).map((one) => ({ ...one, final: undefined })),
    histories: [witness(3), history("one", other)],
  });
  expect(verdict.contradictions).toBe(2);
  expect(isClean(verdict)).toBe(false);
});

test("an acknowledgement that names another place than the event has is a contradiction", () => {
  const list = published(3).map((one) => (one.id === "p-2" ? { ...one, position: "l.9" } : one));
  expect(judge({ published: list, histories: [witness(3)] }).contradictions).toBe(1);
});
