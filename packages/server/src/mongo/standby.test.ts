import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { placeOf } from "./place.ts";
import { createStandby } from "./standby.ts";

const token = (text: string) => ({ _id: { _data: text } });
const at = (text: string): string => placeOf({ _data: text })!;
const EVENTS = ["1", "2", "3"].map(token);

/** A process that watches a log; each question is answered with the next place, the last one from then on. */
function watching(...places: (string | undefined)[]) {
  const clock = createManualClock();
  let asked = 0;
  const sink = { place: async () => places[Math.min(asked++, places.length - 1)] };
  const standby = createStandby({ sink, clock, signal: new AbortController().signal, takeOverMs: 2_000 });
  /** Lets time pass, as often as the work waits for that. */
  async function done<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const end = work.finally(() => (state.isDone = true));
    while (!state.isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(3_000);
    }
    return end;
  }
  return { clock, standby, done, asked: () => asked };
}

test("a log that moves is waited for until it has stood still for a hold", async () => {
  const { standby, done, asked } = watching("b", "c", "c");
  expect(await done(standby.quiet("a"))).toBe("c");
  expect(asked()).toBe(3);
});

test("events that somebody else hands over are not handed over; those that lie for a hold are", async () => {
  const other = watching(at("0"), at("1"), at("3"));
  expect(await other.done(other.standby.leftOf(EVENTS, at("0")))).toEqual({ events: [], at: at("3") });
  const dead = watching(at("0"), at("1"), at("1"));
  expect(await dead.done(dead.standby.leftOf(EVENTS, at("0")))).toEqual({
    events: EVENTS.slice(1),
    at: at("1"),
  });
  const idle = watching(at("0"));
  expect(await idle.done(idle.standby.leftOf([], at("0")))).toEqual({ events: [], at: at("0") });
});

test("a log that is somewhere else has the process begin anew", async () => {
  for (const places of [["elsewhere"], [at("0"), "elsewhere"], [undefined]]) {
    const { standby, done } = watching(...places);
    expect(await done(standby.leftOf(EVENTS, at("0")))).toBeUndefined();
  }
});

test("a working process looks every two holds at most three whether the log moves without it", async () => {
  for (const [place, expected] of [
    [at("2"), true],
    [at("0"), false],
  ] as const) {
    const { clock, standby, done, asked } = watching(place);
    clock.advance(3_999);
    expect([await standby.isOvertaken(at("0")), asked()]).toEqual([false, 0]);
    clock.advance(2_001);
    expect([await done(standby.isOvertaken(at("0"))), asked()]).toEqual([expected, 1]);
    expect([await standby.isOvertaken(at("0")), asked()]).toEqual([false, 1]);
  }
});
