import { afterAll, beforeAll, describe } from "vitest";
import { everySuite } from "./every-suite.ts";
import { openIn, startAsCluster } from "./topologies.ts";

let servers: Awaited<ReturnType<typeof startAsCluster>>;
beforeAll(async () => {
  servers = await startAsCluster();
});
afterAll(() => servers.close());

describe("in a cluster", () => {
  everySuite(() => openIn(servers));
});
