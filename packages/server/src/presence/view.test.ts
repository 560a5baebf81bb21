import { expect, test } from "vitest";
import type { KeptDiff, KeptUser } from "../ports/presence-store.ts";
import { copyView, takeDiff, toFrame, toPresent, toView, usersInOrder } from "./view.ts";
import type { View } from "./view.ts";

function user(userId: string, state: KeptUser["state"] = "online", meta?: string): KeptUser {
  return { userId, state, meta };
}

function viewOf(offset: number, ...users: readonly KeptUser[]): View {
  return toView({ version: { epoch: "e", offset }, count: users.length, users });
}

function diffOf(offset: number, moves?: Partial<NonNullable<KeptDiff["moves"]>>): KeptDiff {
  const all = moves && { joined: [], left: [], changed: [], ...moves };
  return { version: { epoch: "e", offset }, count: 7, moves: all };
}

test("a step that follows is taken; one from before, from later or from another epoch is not", () => {
  const view = viewOf(3, user("a"), user("b"));
  expect(takeDiff(view, diffOf(3, { left: ["a"] }))).toBe("old");
  expect(takeDiff(view, diffOf(5, { left: ["a"] }))).toBe("hole");
  expect(takeDiff(view, { ...diffOf(4), version: { epoch: "f", offset: 4 } })).toBe("epoch");
  expect([...view.users!.keys()]).toEqual(["a", "b"]);
  const step = diffOf(4, { joined: [user("c")], left: ["a"], changed: [user("b", "away")] });
  expect(takeDiff(view, step)).toBe("taken");
  expect([...view.users!.values()]).toEqual([user("b", "away"), user("c")]);
  expect([view.version.offset, view.count]).toEqual([4, 7]);
});

test("without lists the users are forgotten, whatever is missing before; with lists again there is a hole", () => {
  const view = viewOf(3, user("a"));
  expect(takeDiff(view, diffOf(9))).toBe("taken");
  expect(view).toEqual({ version: { epoch: "e", offset: 9 }, count: 7, users: undefined });
  expect(takeDiff(view, diffOf(10, { joined: [user("b")] }))).toBe("hole");
});

test("a frame leads from one view to the other, and there is none where nobody would see a difference", () => {
  const before = viewOf(3, user("a"), user("b"), user("c", "online", "1"));
  const after = viewOf(6, user("b", "away"), user("c", "online", "2"), user("d"));
  expect(toFrame("x", before, after)).toEqual({
    channel: "x",
    from: "e-3",
    version: "e-6",
    count: 3,
    joined: [{ userId: "d", state: "online" }],
    left: ["a"],
    changed: [
      { userId: "b", state: "away" },
      { userId: "c", state: "online", meta: 2 },
    ],
  });
  expect(toFrame("x", before, { ...copyView(before), version: { epoch: "e", offset: 9 } })).toBeUndefined();
});

test("of many users a frame tells the count, and there is none while it is the same", () => {
  const many: View = { version: { epoch: "e", offset: 1 }, count: 300, users: undefined };
  const more: View = { version: { epoch: "e", offset: 5 }, count: 301, users: undefined };
  expect(toFrame("x", many, more)).toEqual({ channel: "x", version: "e-5", count: 301 });
  expect(toFrame("x", many, { ...more, count: 300 })).toBeUndefined();
  expect(toFrame("x", viewOf(1, user("a")), more)).not.toHaveProperty("from");
  expect(toFrame("x", many, viewOf(2, user("a")))).toEqual({ channel: "x", version: "e-2", count: 1 });
});

test("a page that goes on is no whole view", () => {
  const version = { epoch: "e", offset: 1 };
  expect(toView({ version, count: 2, users: [user("a")], next: "a" }).users).toBeUndefined();
});

test("users come in the order of their bytes; a meta that is no JSON is left out", () => {
  const users = [user("\u{1f600}"), user("\uff5e"), user("b"), user("B")];
  const view = viewOf(1, ...users);
  expect(usersInOrder(view.users!).map(({ userId }) => userId)).toEqual(["B", "b", "\uff5e", "\u{1f600}"]);
  expect(toPresent(user("a", "away", "{"))).toEqual({ userId: "a", state: "away" });
});
