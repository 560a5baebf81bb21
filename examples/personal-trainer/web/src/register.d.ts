import type { TrainerContract } from "../../src/contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: TrainerContract;
  }
}
