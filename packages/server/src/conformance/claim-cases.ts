import assert from "node:assert/strict";
import { mainRealm } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const HELD = { holdMs: 60_000 };
const KEPT = { keepMs: 60_000 };

/** What the contract of `ClaimStore` says. */
export const claimCases: readonly Case[] = [
  [
    "of 100 who claim one name at once, one is granted it, and the others learn that it is running",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      const owners = Array.from({ length: 100 }, (_, index) => `owner ${index}`);
      const replies = await Promise.all(
        owners.map((owner) => claimStore.claim({ name: "n", owner, ...HELD })),
      );
      assert.equal(replies.filter(({ state }) => state === "granted").length, 1);
      assert.equal(replies.filter(({ state }) => state === "running").length, 99);
    },
  ],
  [
    "names, and realms, have nothing to do with each other",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      const other = ground.realm("other").claimStore;
      for (const [store, name] of [
        [claimStore, "a"],
        [claimStore, "a:b{c}"],
        [other, "a"],
      ] as const) {
        assert.deepEqual(await store.claim({ name, owner: "me", ...HELD }), { state: "granted" });
      }
    },
  ],
  [
    "a result is answered as it was settled to whoever claims afterwards",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      for (const [index, result] of ['{"a":"ü\\n"}', "", "held me", "x".repeat(100_000)].entries()) {
        const name = `n${index}`;
        await claimStore.claim({ name, owner: "me", ...HELD });
        assert.equal(await claimStore.settle({ name, owner: "me", result, ...KEPT }), true);
        assert.deepEqual(await claimStore.claim({ name, owner: "you", ...HELD }), { state: "done", result });
      }
    },
  ],
  [
    "a claim that was released can be claimed again",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      await claimStore.claim({ name: "n", owner: "me", ...HELD });
      await claimStore.release("n", "me");
      assert.deepEqual(await claimStore.claim({ name: "n", owner: "you", ...HELD }), { state: "granted" });
    },
  ],
  [
    "only the holder releases a claim, and nobody a settled one",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      await claimStore.release("n", "nobody");
      await claimStore.claim({ name: "n", owner: "me", ...HELD });
      await claimStore.release("n", "you");
      assert.deepEqual(await claimStore.claim({ name: "n", owner: "you", ...HELD }), { state: "running" });
      await claimStore.settle({ name: "n", owner: "me", result: "1", ...KEPT });
      await claimStore.release("n", "me");
      assert.deepEqual(await claimStore.claim({ name: "n", owner: "you", ...HELD }), {
        state: "done",
        result: "1",
      });
    },
  ],
  [
    "a claim ends by itself, and whoever comes late settles nothing then",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      await claimStore.claim({ name: "n", owner: "slow", holdMs: 30 });
      await eventually("the claim ends", async () => {
        const { state } = await claimStore.claim({ name: "n", owner: "quick", ...HELD });
        return state === "granted";
      });
      assert.equal(await claimStore.settle({ name: "n", owner: "slow", result: "1", ...KEPT }), false);
      await claimStore.release("n", "slow");
      assert.equal(await claimStore.settle({ name: "n", owner: "quick", result: "2", ...KEPT }), true);
      assert.equal(await claimStore.settle({ name: "n", owner: "slow", result: "3", ...KEPT }), false);
      assert.deepEqual(await claimStore.claim({ name: "n", owner: "you", ...HELD }), {
        state: "done",
        result: "2",
      });
    },
  ],
  [
    "a claim that ended and that nobody took over is settled all the same",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      assert.equal(await claimStore.settle({ name: "n", owner: "slow", result: "1", ...KEPT }), true);
      const reply = await claimStore.claim({ name: "n", owner: "you", ...HELD });
      assert.deepEqual(reply, { state: "done", result: "1" });
    },
  ],
  [
    "a result goes away by itself",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      await claimStore.claim({ name: "n", owner: "me", ...HELD });
      await claimStore.settle({ name: "n", owner: "me", result: "1", keepMs: 30 });
      await eventually("the result goes away", async () => {
        const { state } = await claimStore.claim({ name: "n", owner: "you", ...HELD });
        return state === "granted";
      });
    },
  ],
  [
    "calls on their way when the ground closes answer or say so, and later ones say so",
    async (ground) => {
      const { claimStore } = mainRealm(ground);
      await afterClosing(ground, {
        claim: () => claimStore.claim({ name: "n", owner: "me", ...HELD }),
        settle: () => claimStore.settle({ name: "n", owner: "me", result: "1", ...KEPT }),
        release: () => claimStore.release("n", "me"),
      });
    },
  ],
];
