export type {
  CacheReport,
  ChangePreview,
  ChangeTrace,
  GroundReport,
  LiveReport,
  NodeReport,
  NodesReport,
  PatternReport,
  Trail,
  TrailEvent,
  TrailRead,
  TrailTold,
  TrailWrite,
} from "@livecache/wire";
export { ERRORS, LiveError, defineContract, isLiveError, uploadSchema } from "@livecache/wire";
export type {
  ChannelContract,
  ChannelParams,
  ChannelPattern,
  Contract,
  ErrorCode,
  EventInput,
  EventName,
  EventOutput,
  KeptNotification,
  MarkReadReply,
  MarkReadRequest,
  MessageInput,
  MessageName,
  MessageOutput,
  Notification,
  NotificationEvent,
  NotificationInput,
  NotificationKind,
  NotificationsReadEvent,
  NotificationsReply,
  NotificationsRequest,
  Position,
  StandardSchema,
  UploadProgress,
} from "@livecache/wire";
export { createLive } from "./assembly/create-live.ts";
export type { Live, LiveDoor, LiveStatus } from "./assembly/create-live.ts";
export type { LiveAdmin, SocketSearch } from "./assembly/open-admin.ts";
export type { LivePresence, LiveSockets, PresencePageOptions } from "./assembly/live-presence.ts";
export type { LiveCache } from "./assembly/live-cache.ts";
export type {
  LiveNotifications,
  Message,
  MessageHandlers,
  NotifyResult,
  PeopleApi,
} from "./assembly/live-messages.ts";
export type { Authorize, Identify, Known, LiveOptions, NearOptions } from "./assembly/resolve-options.ts";
export { systemClock } from "./base/clock.ts";
export type { Cancel, Clock } from "./base/clock.ts";
export type { Broadcast, Conversation, FrameHandler, Peer } from "./base/conversation.ts";
export { defineKey } from "./base/define-key.ts";
export type { CacheKey, KeyDefinition, KeyParams, LeadingParams } from "./base/define-key.ts";
export type { Duration } from "./base/duration.ts";
export type { Identity, IdentifyRequest } from "./base/identity.ts";
export type { KeyPart } from "./base/key-parts.ts";
export type { LogDetails, Logger } from "./base/logger.ts";
export type { LimitRule } from "./base/limit-rule.ts";
export type { LimitVerdict } from "./base/limit-state.ts";
export type { Reason } from "./base/reasons.ts";
export type { Cache, CacheAnswer, GetOrSetOptions, SetOptions } from "./cache/cache.ts";
export type { LedgerEntry } from "./cache/ledger.ts";
export type { Cause } from "./cache/narration.ts";
export type { CacheStats, PatternStats } from "./cache/stats.ts";
export type { WhyAnswer, WhyEntry } from "./cache/why-answer.ts";
export type { FreshnessOptions, StaleOptions } from "./cache/freshness-options.ts";
export type { KeepWarmOptions, KeptWarm } from "./cache/keep-warm.ts";
export type { GetKeysOptions } from "./cache/key-walk.ts";
export type { Loader, LoaderContext } from "./cache/loader.ts";
export type { WarmOptions, WarmProgress, WarmSummary } from "./cache/warm.ts";
export type { WarmSource } from "./cache/warm-feed.ts";
export type { WarmEntry, WarmItem, WarmPage } from "./cache/warm-item.ts";
export type { ChangeInRequest, ChangeInResult, RelayResult } from "./change/change-in.ts";
export type { ChangeRequest, ChangeResult } from "./change/change.ts";
export type { OpenSource, SourceOptions } from "./change/sources.ts";
export type { SourceStatus } from "./change/source-record.ts";
export type { PoisonPolicy } from "./change/take-over.ts";
export { defineLimit } from "./limits/define-limit.ts";
export type { Limit, LimitOptions } from "./limits/define-limit.ts";
export type { ChargeCall, LimitCall, TakeCall } from "./limits/limit-call.ts";
export type { LimitReply } from "./limits/decider.ts";
export { hashedSubject } from "./limits/hashed-subject.ts";
export { resetLimits, signInLimits } from "./limits/presets.ts";
export type { GuardLimits, GuardOptions } from "./limits/presets.ts";
export type { LimitFigures, Limits } from "./limits/limits.ts";
export type { LiveEvent } from "./live/event.ts";
export type { Followed, Following } from "./live/followers.ts";
export { createMemoryGround } from "./memory/ground.ts";
export type { MemoryGroundOptions } from "./memory/ground.ts";
export type { ClaimInput, ClaimReply, ClaimStore, SettleInput } from "./ports/claim-store.ts";
export type { EphemeralLane, Listening } from "./ports/ephemeral-lane.ts";
export type { Ground, GroundAdvice, GroundStatus, Realm } from "./ports/ground.ts";
export type {
  ChangeSink,
  ChangeSource,
  PoisonRecord,
  RunningSource,
  SourceChange,
  SourceGap,
  SourceNews,
} from "./ports/change-source.ts";
export type { LimitInput, LimitPlace, LimitStore } from "./ports/limit-store.ts";
export type {
  KeptNote,
  NoteDeed,
  NotesPage,
  NotesQuery,
  NotificationStore,
} from "./ports/notification-store.ts";
export type {
  KeptDiff,
  KeptPage,
  KeptUser,
  PageQuery,
  PresenceMoves,
  PresenceStore,
  PresenceWrite,
  RenewInput,
  RenewReply,
  WriteInput,
} from "./ports/presence-store.ts";
export type {
  CellMembers,
  FoundMember,
  RegionLease,
  RegionLeaseReply,
  RegionMember,
  RegionMove,
  RegionMoved,
  RegionReaped,
  RegionStore,
} from "./ports/region-store.ts";
export type { Area } from "./regions/cover.ts";
export type { Point } from "./regions/geohash.ts";
export type { CellView, RegionMemberView, RegionScope } from "./regions/reads.ts";
export type { MembersOptions, NearbyOptions, Regions } from "./regions/region-api.ts";
export type { PresenceStream } from "./presence/diff-stream.ts";
export type { PresenceFigures, PresencePage } from "./presence/presence.ts";
export type {
  Revocation,
  RevocationState,
  RevocationStore,
  RevokeInput,
  RevokeReply,
  ShardSum,
} from "./ports/revocation-store.ts";
export type {
  CreateReply,
  CreateSession,
  RotateReply,
  RotateSession,
  SaveReply,
  SaveSession,
  SessionGone,
  SessionLife,
  SessionPage,
  Sessions,
  SessionsStatus,
  SessionSummary,
  StoredSession,
  TakeOverOptions,
  TouchOptions,
  TouchReply,
  UpdateReply,
} from "./sessions/session-api.ts";
export { sessionTag } from "./base/session-tag.ts";
export type {
  CheckOptions,
  RevokeResult,
  TokenClaims,
  TokenVerdict,
  Tokens,
  TokensStatus,
} from "./tokens/token-api.ts";
export type { SocketLocation, SocketRecord, SocketStore } from "./ports/socket-store.ts";
export type {
  BeginInput,
  BeginReply,
  CacheStore,
  CommitInput,
  CommitReply,
  LocalJudge,
  ReadReply,
  StoredEntry,
} from "./ports/cache-store.ts";
export type {
  ChangeInput,
  ChangeLog,
  ChangeMode,
  ChangeRecord,
  ChannelEvent,
  Claim,
  HistoryBounds,
  HistoryGap,
  HistoryQuery,
  HistoryReply,
  OutgoingEvent,
  SourceStep,
  Subscription,
  Tail,
  TailEvent,
  TailReader,
  Verdict,
} from "./ports/change-log.ts";
