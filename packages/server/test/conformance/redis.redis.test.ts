import { afterAll, beforeAll, describe, test } from "vitest";
import { cacheStoreSuite, changeLogSuite, laneSuite } from "../../src/conformance/suites.ts";
import { REDIS } from "./matrix.ts";
import { startServer, stopServer } from "./redis-ground.ts";

beforeAll(startServer);
afterAll(stopServer);

describe.each(REDIS)("$name", ({ open, skip }) => {
  cacheStoreSuite({ test, open, skip: skip.cacheStore });
  changeLogSuite({ test, open, skip: skip.changeLog });
  laneSuite({ test, open });
});
