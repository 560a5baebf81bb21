import { expect, test } from "vitest";
import type { Clock } from "../base/clock.ts";
import { createSightings } from "./sightings.ts";
import type { Sighting } from "./sightings.ts";

/** A clock that is moved by hand; it knows one timer. */
function createHandClock() {
  let pending: (() => void) | undefined;
  let timers = 0;
  const clock: Clock = {
    now: () => 0,
    wall: () => 0,
    after(_, task) {
      timers++;
      pending = task;
      return () => (pending = undefined);
    },
  };
  return { clock, timers: () => timers, isPending: () => pending !== undefined, ring: () => pending?.() };
}

function open() {
  const told: (readonly Sighting[])[] = [];
  const hand = createHandClock();
  const sightings = createSightings(hand.clock, (some) => told.push(some));
  return { ...hand, told, sightings };
}

const at = (latitude: number) => ({ latitude, longitude: 0 });

test("sightings are told together, of each socket the last one", () => {
  const { sightings, told, timers, ring } = open();
  for (let latitude = 0; latitude < 90; latitude++) sightings.note("a", at(latitude), "s0");
  sightings.note("b", at(1), undefined);
  expect([timers(), told]).toEqual([1, []]);
  ring();
  expect(told).toEqual([
    [
      { socketId: "a", location: at(89), cell: "s0" },
      { socketId: "b", location: at(1), cell: undefined },
    ],
  ]);
});

test("without anything new nothing is told, and no timer runs", () => {
  const { sightings, told, timers, ring } = open();
  sightings.note("a", at(1), "s0");
  ring();
  expect([timers(), told.length]).toEqual([1, 1]);
  sightings.note("a", at(2), "s0");
  expect(timers()).toBe(2);
});

test("whoever is gone, or the end, is not told", () => {
  const { sightings, told, ring, isPending } = open();
  sightings.note("a", at(1), "s0");
  sightings.forget("a");
  ring();
  expect(told).toEqual([]);
  sightings.note("b", at(1), "s0");
  sightings.close();
  expect([isPending(), told]).toEqual([false, []]);
});
