export type { ChannelHandlers, ChannelNotices } from "./channel-handlers.ts";
export type { ChannelListener } from "./channel.ts";
export type { AnySubscription, AnyVoice, ChannelSubscription, ChannelVoice } from "./channel-subscription.ts";
export { createLiveClient } from "./client.ts";
export type { LiveClient, LiveClientOptions } from "./client.ts";
export type { ConnectionState, OfflineReason } from "./connection.ts";
export { storedOutbox } from "./outbox.ts";
export type { Outbox, OutboxStorage, QueuedMessage } from "./outbox.ts";
export { localOutbox } from "./local-outbox.ts";
export { notificationsOf } from "./notifications.ts";
export type { Notifications, NotificationsSnapshot } from "./notifications.ts";
export { awayWhileHidden, presenceIn } from "./presence.ts";
export type { ChannelPresence, PresenceOwn, PresenceSnapshot } from "./presence.ts";
export type { LiveQuery } from "./query-store.ts";
export type { QueryFlags, QuerySnapshot } from "./query-snapshot.ts";
export type { Register, RegisteredContract } from "./register.ts";
export type { LiveSocket, SocketOptions } from "./socket.ts";
export type { Store } from "./store.ts";
export { typingIn } from "./typing.ts";
export type { ChannelTyping, TypingSnapshot } from "./typing.ts";
export type { Timing } from "./timing.ts";
export { upload } from "./upload.ts";
export type { UploadOptions } from "./upload.ts";
export { LiveError, isLiveError } from "@livecache/wire";
export type {
  ChannelParams,
  Contract,
  ErrorCode,
  EventMeta,
  KeptNotification,
  PresentUser,
  ResyncReason,
  WhisperMeta,
} from "@livecache/wire";
