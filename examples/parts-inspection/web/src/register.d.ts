import type { PartsContract } from "../../src/contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: PartsContract;
  }
}
