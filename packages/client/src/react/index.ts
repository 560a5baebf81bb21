export { LiveProvider, useLiveClient } from "./live-provider.ts";
export type { LiveProviderProps } from "./live-provider.ts";
export { useChannel } from "./use-channel.ts";
export { useConnection } from "./use-connection.ts";
export { useLive } from "./use-live.ts";
export type { LiveResult } from "./use-live.ts";
