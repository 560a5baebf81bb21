import { expect, test } from "vitest";
import { checkPresence } from "./presence.ts";

function findings(live: readonly string[], shown: readonly string[]): string[] {
  return checkPresence([{ atMs: 1, node: "a", channel: "news/0", live, shown }]).map(({ text }) => text);
}

test("a ghost is found, and somebody who is missing", () => {
  expect(findings(["ana"], ["ana", "bo"])).toEqual(["a in news/0: shows bo, who is not there"]);
  expect(findings(["ana", "bo"], ["ana"])).toEqual(["a in news/0: does not show bo, who is there"]);
});

test("the same people in any order, and with several connections, are no finding", () => {
  expect(findings(["ana", "bo", "ana"], ["bo", "ana"])).toEqual([]);
  expect(findings([], [])).toEqual([]);
});
