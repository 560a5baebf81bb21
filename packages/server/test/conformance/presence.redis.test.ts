import { afterAll, beforeAll, describe, test } from "vitest";
import { presenceStoreSuite } from "../../src/conformance/presence-store-suite.ts";
import { socketStoreSuite } from "../../src/conformance/socket-store-suite.ts";
import { REDIS } from "./matrix.ts";
import { startServer, stopServer } from "./redis-ground.ts";

beforeAll(startServer);
afterAll(stopServer);

describe.each(REDIS)("$name", ({ open }) => {
  presenceStoreSuite({ test, open });
  socketStoreSuite({ test, open });
});
