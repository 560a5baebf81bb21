import assert from "node:assert/strict";
import { isLiveError } from "@livecache/wire";
import type { SourceStep } from "../ports/change-log.ts";
import { changeOf, follow, mainRealm, move } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const step = (after: string | undefined, place: string, name = "outbox"): SourceStep => ({
  name,
  after,
  place,
});

/** What the contract of `ChangeLog` says of changes from a source. */
export const sourceStepCases: readonly Case[] = [
  [
    "a source that was never taken over has no place; then it has that of its last change, and no other source has it",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      assert.equal(await changeLog.sourcePlace("outbox"), undefined);
      await changeLog.append(changeOf({ source: step(undefined, "a.1") }));
      await changeLog.append(changeOf({ source: step("a.1", "{ 2 : é }") }));
      assert.equal(await changeLog.sourcePlace("outbox"), "{ 2 : é }");
      assert.equal(await changeLog.sourcePlace("other"), undefined);
      assert.equal(await ground.realm("second").changeLog.sourcePlace("outbox"), undefined);
    },
  ],
  [
    "a step of a source that is repeated appends nothing, publishes nothing, and answers the same position, whoever repeats it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const bodies: string[] = [];
      await realm.changeLog.subscribe("room", ({ body }) => void bodies.push(body));
      const events = [{ channel: "room", name: "told", body: "1" }];
      const change = changeOf({ tags: ["t"], events, source: step(undefined, "1") });
      const position = await realm.changeLog.append(change);
      const repeated = await Promise.all([
        realm.changeLog.append(change),
        realm.changeLog.append({ ...change, changeId: "another", origin: "elsewhere" }),
      ]);
      assert.deepEqual(repeated, [position, position]);
      await move(realm, "last");
      await eventually("the last record arrives", () => records().at(-1)?.tags[0] === "last");
      assert.equal(records().length, 2);
      assert.deepEqual(bodies, ["1"]);
    },
  ],
  [
    "a step that does not follow on where the source stands is refused with the place, and nothing happens",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const refused = async (source: SourceStep, place: string | undefined): Promise<void> => {
        const before = await changeLog.position();
        await assert.rejects(changeLog.append(changeOf({ tags: ["t"], source })), (error) => {
          assert(isLiveError(error) && error.code === "LIVE_SOURCE_MOVED", String(error));
          assert.equal(error.details["place"], place);
          return true;
        });
        assert.deepEqual(await changeLog.position(), before);
      };
      await refused(step("1", "2"), undefined);
      await changeLog.append(changeOf({ source: step(undefined, "1") }));
      await refused(step(undefined, "2"), "1");
      await refused(step("3", "4"), "1");
      await changeLog.append(changeOf({ source: step("1", "2") }));
      await refused(step("0", "1"), "2");
      await refused(step("1", "3"), "2");
    },
  ],
  [
    "steps that are sent in one go are made in that order",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const places = Array.from({ length: 50 }, (_, index) => `p${index}`);
      await Promise.all(
        places.map((place, index) =>
          realm.changeLog.append(changeOf({ tags: [place], source: step(places[index - 1], place) })),
        ),
      );
      await eventually("all records arrive", () => records().length === places.length);
      assert.deepEqual(
        records().map(({ tags }) => tags[0]),
        places,
      );
    },
  ],
  [
    "of two that take the same steps, each step is made once",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const places = Array.from({ length: 30 }, (_, index) => `p${index}`);
      const takeAll = async (origin: string): Promise<void> => {
        for (const [index, place] of places.entries()) {
          const change = changeOf({ tags: [place], origin, source: step(places[index - 1], place) });
          await realm.changeLog.append(change).catch((error: unknown) => {
            if (!isLiveError(error) || error.code !== "LIVE_SOURCE_MOVED") throw error;
          });
        }
      };
      await Promise.all([takeAll("a"), takeAll("b")]);
      await move(realm, "last");
      await eventually("the last record arrives", () => records().at(-1)?.tags[0] === "last");
      assert.deepEqual(
        records().map(({ tags }) => tags[0]),
        [...places, "last"],
      );
    },
  ],
  [
    "a source keeps its place over another epoch",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const { epoch } = await changeLog.append(changeOf({ source: step(undefined, "1") }));
      await changeLog.renewEpoch(epoch);
      assert.equal(await changeLog.sourcePlace("outbox"), "1");
      const position = await changeLog.append(changeOf({ source: step("1", "2") }));
      assert.notEqual(position.epoch, epoch);
    },
  ],
];
