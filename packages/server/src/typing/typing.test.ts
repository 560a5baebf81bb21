import type { TypingFrame } from "@livecache/wire";
import { LiveError } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { Broadcast, Peer } from "../base/conversation.ts";
import { createTasks } from "../base/tasks.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import { createTyping } from "./typing.ts";

/** A member, and the lists it was shown, one after another. */
interface Member {
  readonly peer: Peer;
  readonly shown: string[];
}

/** One node over a memory lane that counts what is said, with its time in the test's hands. */
function start(faults: Partial<EphemeralLane> = {}) {
  const clock = createManualClock();
  const ground = createMemoryGround({ clock });
  const { lane } = ground.realm("main");
  const said: string[] = [];
  const members = new Map<string, Member>();
  const broadcasts: Broadcast[] = [];
  const counted: EphemeralLane = {
    ...lane,
    async send(topic, message) {
      said.push(message);
      await lane.send(topic, message);
    },
    ...faults,
  };
  const show = (member: Member | undefined, frame: TypingFrame) => member?.shown.push(frame.users.join(" "));
  const typing = createTyping({
    ...{ node: "n1", lane: counted, clock, tasks: createTasks(() => undefined) },
    isOffered: (channel) => channel === "room",
    broadcast(told) {
      broadcasts.push(told);
      const except = [told.except ?? []].flat();
      for (const [id, member] of members) {
        if (!except.includes(id)) show(member, told.args[0] as TypingFrame);
      }
    },
  });
  onTestFinished(async () => {
    typing.close();
    await ground.close();
  });
  return {
    ...{ clock, lane, said, broadcasts, typing },
    enter(id: string, userId?: string): Member {
      const member: Member = {
        shown: [],
        peer: {
          id,
          identity: () => (userId === undefined ? undefined : { userId }),
          emit: (_frame: string, frame: TypingFrame) => show(member, frame),
        } as unknown as Peer,
      };
      members.set(id, member);
      typing.entered(member.peer, "room");
      return member;
    },
    leave({ peer }: Member): void {
      members.delete(peer.id);
      typing.left(peer, "room");
    },
    type: ({ peer }: Member, on = true) =>
      typing.conversation(peer, () => true).frames["typing"]!({ channel: "room", on }, () => undefined),
    /** Lets time pass in small steps, and everything happen that waits for it. */
    async pass(ms: number) {
      for (let passedMs = 0; passedMs < ms; passedMs += 50) {
        clock.advance(50);
        await new Promise(setImmediate);
      }
    },
  };
}

test("who types without a pause costs one message a second, and members one frame in all", async () => {
  const { enter, type, pass, said } = start();
  const [ana, ben] = [enter("s1", "ana"), enter("s2", "ben")];
  for (let turn = 0; turn < 100; turn++) {
    await type(ana);
    await pass(100);
  }
  expect(said.length).toBeGreaterThanOrEqual(10);
  expect(said.length).toBeLessThanOrEqual(11);
  expect(ben.shown).toEqual(["ana"]);
  expect(ana.shown).toEqual([]);
  await pass(5_100);
  expect(ben.shown).toEqual(["ana", ""]);
});

test("five seconds after the last word it is over, not before", async () => {
  const { enter, type, clock } = start();
  const [ana, ben] = [enter("s1", "ana"), enter("s2", "ben")];
  await type(ana);
  clock.advance(4_999);
  expect(ben.shown).toEqual(["ana"]);
  clock.advance(1);
  expect(ben.shown).toEqual(["ana", ""]);
});

test("many who come and go are told at most five times a second, the last list always", async () => {
  const { enter, type, pass, broadcasts } = start();
  const reader = enter("r");
  const crowd = Array.from({ length: 60 }, (_, index) => enter(`s${index}`, `u${index}`));
  for (const member of crowd) {
    await type(member);
    await pass(50);
  }
  expect(broadcasts.length).toBeLessThanOrEqual(16);
  await pass(200);
  const frame = broadcasts.at(-1)!.args[0] as TypingFrame;
  expect([frame.users.length, frame.more]).toEqual([50, 10]);
  expect(reader.shown.at(-1)!.split(" ")).toEqual(frame.users);
  expect(broadcasts.every(({ lane, key }) => lane === "latest" && key === "typing room")).toBe(true);
});

test("a user is not shown to themselves on another tab, but sees the others", async () => {
  const { enter, type, pass } = start();
  const [ana, tab, ben] = [enter("s1", "ana"), enter("s2", "ana"), enter("s3", "ben")];
  await type(ana);
  await pass(1_000);
  await type(ben);
  await pass(1_000);
  await type(ana, false);
  await pass(1_000);
  expect(ben.shown).toEqual(["ana", ""]);
  for (const member of [ana, tab]) expect(member.shown).toEqual(["ben"]);
});

test("who comes is shown who types, who leaves types no more, and the last to leave ends the listening", async () => {
  const { enter, leave, type, pass, lane, said } = start();
  const ana = enter("s1", "ana");
  await type(ana);
  const ben = enter("s2", "ben");
  expect(ben.shown).toEqual(["ana"]);
  leave(ana);
  await pass(1_000);
  expect(ben.shown).toEqual(["ana", ""]);
  leave(ben);
  await pass(50);
  const count = said.length;
  await lane.send("typing room", JSON.stringify({ node: "n2", userId: "cem", ttlMs: 5_000 }));
  expect(ben.shown).toEqual(["ana", ""]);
  expect(said.length).toBe(count);
});

test("a lane that fails is tried again, and members of the node are told meanwhile", async () => {
  let isAway = true;
  const ground = createMemoryGround();
  onTestFinished(ground.close);
  const { lane: real } = ground.realm("main");
  const away = () => Promise.reject(new LiveError("LIVE_GROUND_AWAY", "away"));
  const { enter, type, pass } = start({
    send: (topic, message) => (isAway ? away() : real.send(topic, message)),
    listen: (topic, onMessage) => (isAway ? away() : real.listen(topic, onMessage)),
  });
  const [ana, ben] = [enter("s1", "ana"), enter("s2", "ben")];
  await type(ana);
  await pass(50);
  expect(ben.shown).toEqual(["ana"]);
  isAway = false;
  await pass(1_100);
  await real.send("typing room", JSON.stringify({ node: "n2", userId: "cem", ttlMs: 5_000 }));
  expect(ben.shown.at(-1)).toBe("ana cem");
});

test("what others write on the lane does no harm", async () => {
  const { enter, lane } = start();
  const ana = enter("s1", "ana");
  await new Promise(setImmediate);
  for (const text of ["", "null", "7", "{}", '{"node":1,"userId":"x","ttlMs":5}', "{"]) {
    await lane.send("typing room", text);
  }
  expect(ana.shown).toEqual([]);
});
