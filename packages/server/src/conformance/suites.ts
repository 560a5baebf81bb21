export { cacheStoreSuite } from "./cache-store-suite.ts";
export { changeLogSuite } from "./change-log-suite.ts";
export type { ConformanceGround, Runner, SuiteOptions } from "./run-cases.ts";
