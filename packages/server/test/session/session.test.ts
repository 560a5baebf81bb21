import { describe, onTestFinished } from "vitest";
import { createLive } from "../../src/index.ts";
import { expressCases } from "./express-cases.ts";

describe("express-session over memory", () => {
  expressCases(async () => {
    const live = createLive();
    onTestFinished(live.close);
    return live;
  });
});
