import type { Live } from "../assembly/create-live.ts";

/** What measuring needs of a node, whatever its contract is. */
export type MeasuredLive = Pick<Live, "node" | "door" | "status" | "tokens" | "sessions" | "limits">;
