import { afterAll, beforeAll, describe } from "vitest";
import { CORE_SUITES, runSuites } from "./every-suite.ts";
import { openIn, startUnderSentinels } from "./topologies.ts";

let servers: Awaited<ReturnType<typeof startUnderSentinels>>;
beforeAll(async () => {
  servers = await startUnderSentinels();
});
afterAll(() => servers.close());

describe("under Sentinels", () => {
  runSuites(CORE_SUITES, () => openIn(servers));
});
