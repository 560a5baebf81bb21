import { AsyncLocalStorage } from "node:async_hooks";
import { onTestFinished as ofTheOnlyTest } from "vitest";
import type { TestContext } from "vitest";

type Ending = Parameters<TestContext["onTestFinished"]>[0];

const contexts = new AsyncLocalStorage<TestContext>();

/** The body of a `test.concurrent`: what it starts ends with it, and not with a test that runs beside it. */
export function sideBySide(
  body: (context: TestContext) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return (context) => contexts.run(context, () => body(context));
}

/** Does something when the running test has finished. Vitest's own knows only one test at a time; this one knows which asks. */
export function onTestFinished(work: Ending): void {
  const context = contexts.getStore();
  if (context) context.onTestFinished(work);
  else ofTheOnlyTest(work);
}
