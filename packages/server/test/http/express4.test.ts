import { createRequire } from "node:module";
import express from "express";
import { describe, expect, test, vi } from "vitest";

// The tests beside this one, with Express 4 wherever they say Express.
vi.mock("express", () => ({ default: createRequire(import.meta.url)("express4") as unknown }));

test("Express is Express 4 here", () => {
  // Express 5 builds its router when it is first asked for it, and has no lazyrouter.
  expect(express()).toHaveProperty("lazyrouter");
});

describe("Express 4", async () => {
  await import("./keyed-inputs.test.ts");
  await import("./passing-through.test.ts");
  await import("./positions.test.ts");
  await import("./private-by-default.test.ts");
  await import("./revalidation.test.ts");
  await import("./shared-load.test.ts");
  await import("./background.test.ts");
  await import("./reruns.test.ts");
  await import("./stored-forms.test.ts");
  await import("./outward.test.ts");
});
