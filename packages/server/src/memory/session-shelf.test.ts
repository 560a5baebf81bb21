import { expect, test } from "vitest";
import { created } from "./kept-session.ts";
import { createShelf } from "./session-shelf.ts";

const life = { fields: [], userId: "ana", idleMs: 3_600_000, absoluteMs: undefined, isForeign: false };

test("100,000 sessions are kept; with one more the first that was created goes", () => {
  const shelf = createShelf();
  const put = (index: number) =>
    shelf.put(`s${index}`, created({ ...life, id: `s${index}`, userId: undefined }, 0), 0);
  for (let index = 0; index < 100_000; index++) put(index);
  expect([shelf.knows("s0", 0), shelf.walk(undefined, Infinity).ids.length]).toEqual([true, 100_000]);
  put(100_000);
  expect([shelf.knows("s0", 0), shelf.knows("s1", 0), shelf.knows("s100000", 0)]).toEqual([
    false,
    true,
    true,
  ]);
  expect(shelf.walk(undefined, Infinity).ids.length).toBe(100_000);
});
