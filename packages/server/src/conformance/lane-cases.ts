import assert from "node:assert/strict";
import { mainRealm } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const MESSAGES = Array.from({ length: 50 }, (_, index) => `message ${index} ü\n"`);

/** What the contract of `EphemeralLane` says. */
export const laneCases: readonly Case[] = [
  [
    "everybody who listens to a topic is told every message, in the order of sending",
    async (ground) => {
      const { lane } = mainRealm(ground);
      const heard: string[][] = [[], []];
      for (const list of heard) await lane.listen("room/1", (message) => list.push(message));
      for (const message of MESSAGES) await lane.send("room/1", message);
      await eventually("all messages arrive", () => heard.every((list) => list.length === MESSAGES.length));
      assert.deepEqual(heard, [MESSAGES, MESSAGES]);
    },
  ],
  [
    "another topic, and the same topic of another realm, hear nothing of it",
    async (ground) => {
      const { lane } = mainRealm(ground);
      const heard: string[] = [];
      await lane.listen("room/2", (message) => heard.push(message));
      await ground.realm("other").lane.listen("room/1", (message) => heard.push(message));
      await lane.listen("room/1", () => heard.push("told"));
      await lane.send("room/1", "1");
      await eventually("the message arrives", () => heard.length > 0);
      assert.deepEqual(heard, ["told"]);
    },
  ],
  [
    "a topic is not the channel of the same name",
    async (ground) => {
      const { lane, changeLog } = mainRealm(ground);
      const heard: string[] = [];
      await changeLog.subscribe("room/1", ({ body }) => void heard.push(body));
      await lane.listen("room/1", (message) => heard.push(message));
      await lane.send("room/1", "1");
      await eventually("the message arrives", () => heard.length > 0);
      assert.deepEqual(heard, ["1"]);
    },
  ],
  [
    "who has closed is told nothing more, also when one callback listens twice; others are",
    async (ground) => {
      const { lane } = mainRealm(ground);
      const heard: string[] = [];
      const listen = () => lane.listen("room/1", (message) => heard.push(message));
      const [first] = [await listen(), await listen()];
      await first.close();
      await first.close();
      await lane.send("room/1", "1");
      await eventually("the message arrives", () => heard.length > 0);
      await lane.send("room/1", "2");
      await eventually("the next arrives", () => heard.includes("2"));
      assert.deepEqual(heard, ["1", "2"]);
    },
  ],
  [
    "sending to nobody is accepted",
    async (ground) => {
      await assert.doesNotReject(mainRealm(ground).lane.send("nobody", "1"));
    },
  ],
];
