import type { Live } from "../assembly/create-live.ts";

/** What operating needs of a node, whatever its contract is. */
export type OperatedLive = Pick<
  Live,
  "node" | "door" | "admin" | "change" | "limits" | "sessions" | "tokens"
> & { readonly cache: Pick<Live["cache"], "get"> };
