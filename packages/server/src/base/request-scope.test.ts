import { expect, test } from "vitest";
import { createRequestScopes } from "./request-scope.ts";
import type { RequestScope } from "./request-scope.ts";

test("a change fences the later reads of its own request, across await, and no other's", async () => {
  const scopes = createRequestScopes();
  const mine: RequestScope = { fence: undefined, changed: undefined };
  const other: RequestScope = { fence: undefined, changed: undefined };
  const position = { epoch: "a", seq: 5 };
  await Promise.all([
    scopes.run(mine, async () => {
      await Promise.resolve();
      scopes.noteChange(position);
      expect(scopes.current()).toBe(mine);
    }),
    scopes.run(other, async () => {
      await Promise.resolve();
      await Promise.resolve();
    }),
  ]);
  expect(mine).toEqual({ fence: position, changed: position });
  expect(other).toEqual({ fence: undefined, changed: undefined });
});

test("a fence that is already further stays", () => {
  const scopes = createRequestScopes();
  const scope: RequestScope = { fence: { epoch: "a", seq: 9 }, changed: undefined };
  scopes.run(scope, () => scopes.noteChange({ epoch: "a", seq: 5 }));
  expect(scope.fence).toEqual({ epoch: "a", seq: 9 });
});

test("outside of a request nothing is noted", () => {
  const scopes = createRequestScopes();
  scopes.noteChange({ epoch: "a", seq: 5 });
  expect(scopes.current()).toBeUndefined();
});
