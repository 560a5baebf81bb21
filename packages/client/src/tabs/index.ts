export { sharedSocket } from "./shared-socket.ts";
export type { SharedSocketOptions } from "./shared-socket.ts";
