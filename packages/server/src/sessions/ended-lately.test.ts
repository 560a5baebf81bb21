import { expect, test } from "vitest";
import { sessionTag } from "../base/session-tag.ts";
import { ENDED_KEPT_MS } from "../ports/session-store.ts";
import { MAX_ENDED_LATELY, MAX_SAID_AGAIN, SAID_AGAIN_MS, createEndedLately } from "./ended-lately.ts";

function open() {
  const clock = { ms: 0, now: () => clock.ms };
  return { clock, lately: createEndedLately(clock) };
}

test("what was ended here, and what others ended, is known for as long as the ground keeps an ending", () => {
  const { clock, lately } = open();
  lately.note(["here"]);
  lately.hear([sessionTag("there"), "user:7"]);
  const known = () => ["here", "there", "user:7"].map(lately.has);
  expect(known()).toEqual([true, true, false]);
  clock.ms = ENDED_KEPT_MS - 1;
  expect(known()).toEqual([true, true, false]);
  clock.ms = ENDED_KEPT_MS;
  expect(known()).toEqual([false, false, false]);
});

test("said again is what was ended here in the last five minutes, the last first, also when its record came by", () => {
  const { clock, lately } = open();
  lately.note(["old"]);
  clock.ms = SAID_AGAIN_MS - 1;
  lately.note(["one"]);
  lately.note(["two"]);
  lately.hear([sessionTag("elsewhere")]);
  expect(lately.toSayAgain()).toEqual(["two", "one", "old"]);
  clock.ms = SAID_AGAIN_MS;
  expect(lately.toSayAgain()).toEqual(["two", "one"]);
  lately.hear([sessionTag("old")]);
  expect(lately.toSayAgain()[0]).toBe("old");
});

test.each([MAX_SAID_AGAIN - 1, MAX_SAID_AGAIN, MAX_SAID_AGAIN + 1])(
  "of %d ended at most 1,000 are said again",
  (count) => {
    const { lately } = open();
    lately.note(Array.from({ length: count }, (_, index) => `s${index}`));
    expect(lately.toSayAgain()).toHaveLength(Math.min(count, 1_000));
  },
);

test("users who were signed out here in the last five minutes are said again too, 1,000 at most, each as it was last", () => {
  const { clock, lately } = open();
  const ana = { userId: "ana", except: undefined, atMs: 7 };
  lately.noteUser(ana);
  lately.noteUser({ ...ana, except: "s", atMs: 8 });
  clock.ms = SAID_AGAIN_MS - 1;
  expect(lately.usersToSayAgain()).toMatchObject([{ userId: "ana", except: "s", atMs: 8 }]);
  for (let index = 1; index < MAX_SAID_AGAIN; index++) lately.noteUser({ ...ana, userId: `user-${index}` });
  expect(lately.usersToSayAgain()).toHaveLength(1_000);
  lately.noteUser({ ...ana, userId: "more" });
  const users = lately.usersToSayAgain().map(({ userId }) => userId);
  expect([users.length, users.includes("ana"), users.includes("more")]).toEqual([1_000, false, true]);
  clock.ms = 2 * SAID_AGAIN_MS;
  expect(lately.usersToSayAgain()).toEqual([]);
});

test("20,000 are remembered; one more takes the place of the oldest", () => {
  const { lately } = open();
  lately.note(Array.from({ length: MAX_ENDED_LATELY }, (_, index) => `s${index}`));
  expect(lately.has("s0")).toBe(true);
  lately.note(["more"]);
  expect([lately.has("s0"), lately.has("s1"), lately.has("more")]).toEqual([false, true, true]);
});
