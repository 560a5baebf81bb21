import type { RoadContract } from "../../src/contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: RoadContract;
  }
}
