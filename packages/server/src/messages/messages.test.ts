import { LiveError } from "@livecache/wire";
import { expect, onTestFinished, test, vi } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createTasks } from "../base/tasks.ts";
import type { Peer } from "../base/conversation.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { ClaimStore } from "../ports/claim-store.ts";
import { createMessages } from "./messages.ts";

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;
const contract = {
  channels: { room: { events: {}, messages: { say: anything, ask: anything } }, mute: { events: {} } },
};

/** One node with one socket, its time and its claims in the test's hands. */
function start(faults: Partial<ClaimStore> = {}, userId: string | undefined = "ana") {
  const clock = createManualClock();
  const ground = createMemoryGround({ clock });
  onTestFinished(ground.close);
  const warnings: string[] = [];
  const messages = createMessages({
    contract,
    findPattern: (pattern) => ({ pattern, params: {} }),
    publish: async () => undefined,
    claimStore: { ...ground.realm("main").claimStore, ...faults },
    clock,
    tasks: createTasks(() => undefined),
    signal: new AbortController().signal,
    warn: (message) => warnings.push(message),
  });
  const peer = { id: "s1", identity: () => (userId === undefined ? undefined : { userId }) } as Peer;
  const { frames } = messages.conversation(peer, () => true);
  const send = (request: object): Promise<object> => {
    const frame = { channel: "room", name: "say", data: {}, ...request };
    return new Promise((resolve, reject) => void frames["send"]!(frame, resolve).catch(reject));
  };
  return { clock, warnings, messages, send };
}

const never = (): Promise<never> => new Promise(() => undefined);

test("a handler has 10 seconds; a repeat that waits for it has them too", async () => {
  const { clock, messages, send } = start();
  messages.handle("room", { say: never });
  const answers = [send({}), send({ id: "m1" }), send({ id: "m1" })].map((answer) =>
    answer.catch((error: LiveError) => `${error.code} ${error.retryable}`),
  );
  let settled = 0;
  for (const answer of answers) void answer.then(() => settled++);
  for (let passedMs = 0; passedMs < 9_900; passedMs += 100) {
    clock.advance(100);
    await new Promise(setImmediate);
  }
  // The one that only waits gives up at the last look before the time is over.
  expect(settled).toBeLessThanOrEqual(1);
  clock.advance(100);
  expect(await Promise.all(answers)).toEqual(Array.from(answers, () => "LIVE_REQUEST_FAILED true"));
});

test("what a handler answers too late is kept for whoever asks again", async () => {
  const { clock, messages, send } = start();
  let finish: (reply: string) => void = () => undefined;
  let turns = 0;
  messages.handle("room", {
    say: () => (turns++, new Promise((resolve) => (finish = resolve))),
  });
  const first = send({ id: "m1" });
  await vi.waitUntil(() => turns === 1);
  clock.advance(10_000);
  await expect(first).rejects.toMatchObject({ code: "LIVE_REQUEST_FAILED" });
  finish("late");
  await new Promise(setImmediate);
  expect(await send({ id: "m1" })).toEqual({ data: "late" });
  expect(turns).toBe(1);
});

test("a reply is kept for 10 minutes", async () => {
  const { clock, messages, send } = start();
  let turns = 0;
  messages.handle("room", { say: () => ++turns });
  expect(await send({ id: "m1" })).toEqual({ data: 1 });
  clock.advance(599_999);
  expect(await send({ id: "m1" })).toEqual({ data: 1 });
  clock.advance(1);
  expect(await send({ id: "m1" })).toEqual({ data: 2 });
});

test("a reply that cannot be kept is answered all the same; it is told again for 30 s, and then the log has it", async () => {
  let tried = 0;
  const { clock, messages, warnings, send } = start({
    settle() {
      tried++;
      return Promise.reject(new LiveError("LIVE_GROUND_AWAY", "away"));
    },
  });
  messages.handle("room", { say: () => "done" });
  expect(await send({ id: "m1" })).toEqual({ data: "done" });
  const pass = async (untilMs: number): Promise<void> => {
    for (; clock.now() < untilMs; await new Promise(setImmediate)) clock.advance(250);
  };
  const beganAtMs = clock.now();
  await pass(beganAtMs + 29_750);
  expect([tried, warnings]).toEqual([18, []]);
  await pass(beganAtMs + 60_000);
  expect([tried, warnings]).toEqual([19, ["what came of a message could not be kept"]]);
});

test("a reply that the ground takes later is the answer to whoever asked again meanwhile, and nothing is done twice", async () => {
  let isAway = true;
  const { claimStore } = createMemoryGround().realm("other");
  const { clock, messages, send } = start({
    claim: claimStore.claim,
    settle: (input) =>
      isAway ? Promise.reject(new LiveError("LIVE_GROUND_AWAY", "away")) : claimStore.settle(input),
  });
  let turns = 0;
  messages.handle("room", { say: () => ++turns });
  expect(await send({ id: "m1" })).toEqual({ data: 1 });
  const again = send({ id: "m1" });
  await new Promise(setImmediate);
  isAway = false;
  for (let step = 0; step < 10; step++, await new Promise(setImmediate)) clock.advance(250);
  expect(await again).toEqual({ data: 1 });
  expect(turns).toBe(1);
});

test("a claim whose outcome is unknown is given back, and the message is refused as retryable", async () => {
  const released: string[] = [];
  const { messages, send } = start({
    claim: () => Promise.reject(new LiveError("LIVE_GROUND_TIMEOUT", "no answer")),
    release: async (name) => void released.push(name),
  });
  let turns = 0;
  messages.handle("room", { say: () => ++turns });
  await expect(send({ id: "m1" })).rejects.toMatchObject({ code: "LIVE_GROUND_TIMEOUT", retryable: true });
  expect([released.length, turns]).toEqual([1, 0]);
  expect(await send({})).toEqual({ data: 1 });
});

test("handlers are for messages of the contract, one for each, and are functions", () => {
  const { messages } = start();
  const refused = expect.objectContaining({ code: "LIVE_OPTIONS_INVALID" });
  messages.handle("room", { say: () => 1 });
  messages.handle("room", { ask: () => 1 });
  const wrong: [string, object][] = [
    ["room", { say: () => 2 }],
    ["room", { tell: () => 2 }],
    ["room", { ask: 2 }],
    ["mute", { say: () => 2 }],
    ["elsewhere", { say: () => 2 }],
    ["toString", {}],
  ];
  for (const [pattern, handlers] of wrong) {
    expect(() => messages.handle(pattern, handlers as never)).toThrow(refused);
  }
});
