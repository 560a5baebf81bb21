import { afterAll, beforeAll, describe } from "vitest";
import { EVERY_SUITE, runSuites } from "./every-suite.ts";
import { openIn, startAsCluster } from "./topologies.ts";

let servers: Awaited<ReturnType<typeof startAsCluster>>;
beforeAll(async () => {
  servers = await startAsCluster();
});
afterAll(() => servers.close());

describe("in a cluster", () => {
  runSuites(EVERY_SUITE, () => openIn(servers));
});
