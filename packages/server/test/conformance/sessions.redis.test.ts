import { afterAll, beforeAll, describe, test } from "vitest";
import { sessionStoreSuite } from "../../src/conformance/suites.ts";
import { REDIS } from "./matrix.ts";
import { startServer, stopServer } from "./redis-ground.ts";

beforeAll(startServer);
afterAll(stopServer);

describe.each(REDIS)("$name", ({ open }) => {
  sessionStoreSuite({ test, open });
});
