import { expect, test } from "vitest";
import { scopeOf } from "./fence.ts";

test("a presented position is the fence, and a malformed one is none", () => {
  expect(scopeOf({ "live-position": "e1.42" }).fence).toEqual({ epoch: "e1", seq: 42 });
  for (const forged of ["", "e1", "e1.x", "e1.1, e1.2", "e1.99999999999999999"]) {
    expect(scopeOf({ "live-position": forged }).fence).toBeUndefined();
  }
  expect(scopeOf({})).toEqual({ fence: undefined, changed: undefined });
});
