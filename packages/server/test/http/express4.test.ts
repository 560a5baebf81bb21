import { createRequire } from "node:module";
import { describe, vi } from "vitest";

// The tests beside this one, with Express 4 wherever they say Express.
vi.mock("express", () => ({ default: createRequire(import.meta.url)("express4") as unknown }));

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
