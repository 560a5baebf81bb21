export { LiveError, defineContract, isLiveError } from "@livecache/wire";
export type { Contract, ErrorCode, Position } from "@livecache/wire";
