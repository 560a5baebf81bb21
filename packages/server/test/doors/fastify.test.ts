import { describe, test } from "vitest";
import { doorSuite } from "../../src/conformance/suites.ts";
import { openFastify } from "./fastify-door.ts";

describe.concurrent("Fastify 5", () => {
  doorSuite({ test, open: openFastify });
});
