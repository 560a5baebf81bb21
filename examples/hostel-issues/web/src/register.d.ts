import type { HostelContract } from "../../src/contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: HostelContract;
  }
}
