import type { SchoolContract } from "../../src/contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: SchoolContract;
  }
}
