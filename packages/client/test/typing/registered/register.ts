import type { contract } from "../contract.ts";

declare module "@livecache/client" {
  interface Register {
    contract: typeof contract;
  }
}
