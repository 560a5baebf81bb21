export { cacheStoreSuite } from "./cache-store-suite.ts";
export { changeLogSuite } from "./change-log-suite.ts";
export type {
  DoorAnswer,
  DoorCachedOptions,
  DoorLive,
  DoorPlan,
  DoorRequest,
  DoorRoute,
  OpenDoor,
} from "./door-site.ts";
export { doorSuite } from "./door-suite.ts";
export type { DoorSuiteOptions } from "./door-suite.ts";
export { changeSourceSuite } from "./change-source-suite.ts";
export type { ChangeSourceSuiteOptions } from "./change-source-suite.ts";
export type { OpenTransaction, SourceUnderTest } from "./source-acts.ts";
export { claimStoreSuite } from "./claim-store-suite.ts";
export { laneSuite } from "./lane-suite.ts";
export { limitStoreSuite } from "./limit-store-suite.ts";
export { notificationStoreSuite } from "./notification-store-suite.ts";
export { presenceStoreSuite } from "./presence-store-suite.ts";
export { regionStoreSuite } from "./region-store-suite.ts";
export { revocationStoreSuite } from "./revocation-store-suite.ts";
export { sessionStoreSuite } from "./session-store-suite.ts";
export { socketStoreSuite } from "./socket-store-suite.ts";
export type { ConformanceGround, Runner, SuiteOptions } from "./run-cases.ts";
