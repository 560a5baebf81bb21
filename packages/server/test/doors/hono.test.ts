import { describe, test } from "vitest";
import { doorSuite } from "../../src/conformance/suites.ts";
import { openHono } from "./hono-door.ts";

describe.concurrent("Hono 4", () => {
  doorSuite({ test, open: openHono });
});
