import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { createTasks } from "../base/tasks.ts";
import { createEndings } from "./endings.ts";

/** The endings of a node whose ground is away; it has closed already, so that nothing is repeated. */
function openEndings() {
  const away = () => Promise.reject(new LiveError("LIVE_GROUND_AWAY", "Away."));
  return createEndings({
    node: "n",
    store: { end: away, endAll: away, of: away },
    foreign: { remove: () => Promise.resolve() },
    copies: { dropTags: () => undefined },
    clock: { now: () => 0 } as never,
    tasks: createTasks(() => undefined),
    signal: AbortSignal.abort(),
    onAppended: () => undefined,
    onPending: () => undefined,
  });
}

test("10,000 endings wait for the ground; a further one rejects and says that it is not repeated", async () => {
  const endings = openEndings();
  for (let index = 0; index < 9_999; index++) await endings.end([`s${index}`]).catch(() => undefined);
  const told = async (id: string) => endings.end([id]).catch((error: LiveError) => error.details);
  await expect(endings.end(["two", "at once"])).rejects.toMatchObject({ details: { isRepeated: false } });
  expect([await told("last"), endings.size(), endings.isPending("last")]).toEqual([
    { isRepeated: true },
    10_000,
    true,
  ]);
  expect([await told("more"), endings.size(), endings.isPending("more")]).toEqual([
    { isRepeated: false },
    10_000,
    false,
  ]);
});

test("signing a user out everywhere takes a place among them, and none when that user waits already", async () => {
  const endings = openEndings();
  const told = (work: Promise<number>) => work.catch((error: LiveError) => error.details["isRepeated"]);
  for (let index = 0; index < 9_999; index++) await told(endings.end([`s${index}`]));
  const session = { id: "t", userId: "ana", createdAtMs: 0, isReplaced: false };
  expect([endings.covers(session), await told(endings.endAll("ana", undefined)), endings.size()]).toEqual([
    false,
    true,
    10_000,
  ]);
  expect([await told(endings.endAll("ben", undefined)), await told(endings.end(["more"]))]).toEqual([
    false,
    false,
  ]);
  expect([await told(endings.endAll("ana", "t")), await told(endings.end(["s1", "s2"]))]).toEqual([
    true,
    true,
  ]);
  expect([endings.covers(session), endings.covers({ ...session, id: "u" }), endings.size()]).toEqual([
    false,
    true,
    10_000,
  ]);
});
