import assert from "node:assert/strict";
import { mainRealm, move, store } from "./acts.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `ChangeLog` says of `judge`. */
export const judgeCases: readonly Case[] = [
  [
    "a claim is valid when every tag is known not to have moved past its position",
    async (ground) => {
      const { changeLog, ...realm } = mainRealm(ground);
      const before = await changeLog.position();
      await store({ changeLog, ...realm }, { position: before, tags: ["still"] });
      const moved = await move({ changeLog, ...realm }, "a", "b");
      const { position, verdicts } = await changeLog.judge([
        { position: moved, tags: ["a", "b"] },
        { position: before, tags: ["a", "still"] },
        { position: moved, tags: ["still", "a"] },
        { position: before, tags: ["still"] },
      ]);
      assert.deepEqual(verdicts, ["valid", "changed", "valid", "valid"]);
      assert.deepEqual(position, moved);
    },
  ],
  [
    "a tag that the ground has no record of is changed",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await move(realm, "a");
      const { verdicts } = await realm.changeLog.judge([{ position, tags: ["a", "never seen"] }]);
      assert.deepEqual(verdicts, ["changed"]);
    },
  ],
  [
    "a claim of another epoch is changed",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await move(realm, "a");
      await realm.changeLog.renewEpoch(position.epoch);
      const { verdicts } = await realm.changeLog.judge([
        { position, tags: ["a"] },
        { position: { ...position, epoch: "0" }, tags: [] },
      ]);
      assert.deepEqual(verdicts, ["changed", "changed"]);
    },
  ],
  [
    "a claim without tags is valid in its epoch, and no claims get no verdicts",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const position = await changeLog.position();
      assert.deepEqual(await changeLog.judge([{ position, tags: [] }]), { position, verdicts: ["valid"] });
      assert.deepEqual(await changeLog.judge([]), { position, verdicts: [] });
    },
  ],
  [
    "claims are judged at the log's end",
    async (ground) => {
      const realm = mainRealm(ground);
      for (let round = 0; round < 20; round++) {
        const stamp = await move(realm, "a");
        const [moved] = await Promise.all([move(realm, "a"), realm.changeLog.judge([])]);
        const { position, verdicts } = await realm.changeLog.judge([{ position: stamp, tags: ["a"] }]);
        assert.deepEqual([verdicts, position], [["changed"], moved]);
      }
    },
  ],
];
