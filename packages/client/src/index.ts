export { LiveError, defineContract, isLiveError } from "@livecache/wire";
