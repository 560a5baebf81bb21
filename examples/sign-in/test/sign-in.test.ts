import { expect, test } from "vitest";
import { describeSignIn } from "./cases.ts";
import { createVisitor, openNode } from "./visitor.ts";

describeSignIn("memory", async () => {
  const node = await openNode();
  return [node, node];
});

test("a form that is not filled in is said so", async () => {
  const node = await openNode();
  const response = await createVisitor().ask(node, "POST /school/sign-in", { email: 1 });
  expect([response.status, await response.json()]).toEqual([
    400,
    { message: expect.stringContaining("email") },
  ]);
});
