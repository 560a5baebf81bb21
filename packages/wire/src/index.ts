export { FEED_KINDS } from "./admin.ts";
export type {
  AuditLine,
  AuditReport,
  CacheReport,
  ChangePreview,
  ChannelsReport,
  FeedKind,
  FeedLine,
  FeedReport,
  GroundDetails,
  GroundReport,
  GroundView,
  KeyReport,
  KeyView,
  KeysReport,
  LatencySource,
  LiveReport,
  NodeReport,
  NodesReport,
  PatternReport,
  PresentReport,
  RegionsReport,
  ServerReport,
  SocketRow,
  SocketsReport,
  TagReport,
  TagView,
  TagsReport,
  UserReport,
} from "./admin.ts";
export { MAX_CHANNEL_LENGTH, formatChannel, matchChannel, patternFault } from "./channel-name.ts";
export type { ChannelParams, ParamNames, ParsedParams } from "./channel-name.ts";
export type { DoctorReport, NodeFacts, RequestFacts } from "./doctor.ts";
export { RESERVED_EVENTS, defineContract } from "./contract.ts";
export type {
  ChannelContract,
  ChannelPattern,
  Contract,
  EventInput,
  EventName,
  EventOutput,
  HistoryContract,
  MessageInput,
  MessageName,
  MessageOutput,
  NotificationInput,
  NotificationKind,
  RegionsContract,
  Schemas,
  WhisperInput,
  WhisperName,
} from "./contract.ts";
export { formatCursor, parseCursor } from "./cursor.ts";
export type { Cursor } from "./cursor.ts";
export { ERRORS, LiveError, isLiveError } from "./errors.ts";
export type { ErrorCode, ErrorContext, ErrorEntry } from "./errors.ts";
export type {
  Ack,
  BodyFrame,
  ClientToServer,
  EndedFrame,
  EventMeta,
  ExpiringFrame,
  JoinReply,
  JoinRequest,
  LeaveRequest,
  LeftFrame,
  RefreshReply,
  RefreshRequest,
  Refusal,
  ResyncFrame,
  ResyncReason,
  StaleFrame,
  UnwatchRequest,
  WatchReply,
  WatchRequest,
  WhisperMeta,
  WhisperRequest,
} from "./frames.ts";
export { diffJson } from "./json-diff.ts";
export { applyPatch } from "./json-patch.ts";
export type { JsonPatch, PatchStep } from "./json-patch.ts";
export { addLatencies, latencyBucket, latencyPercentile } from "./latency.ts";
export type { LatencySpread } from "./latency.ts";
export { POSITION_HEADER, QUERY_HEADER } from "./headers.ts";
export type { SendReply, SendRequest, TypingFrame, TypingRequest } from "./message-frames.ts";
export { NOTIFICATIONS_CHANNEL, NOTIFICATION_EVENT, READ_EVENT } from "./notification-frames.ts";
export type {
  KeptNotification,
  MarkReadReply,
  MarkReadRequest,
  Notification,
  NotificationEvent,
  NotificationsReadEvent,
  NotificationsReply,
  NotificationsRequest,
} from "./notification-frames.ts";
export { formatPosition, parsePosition, reaches } from "./position.ts";
export type { Position } from "./position.ts";
export type {
  HeartbeatReply,
  PresenceDiffFrame,
  PresenceReply,
  PresenceRequest,
  PresenceSetRequest,
  PresenceState,
  PresentUser,
} from "./presence-frames.ts";
export type {
  LocateReply,
  LocateRequest,
  NearCell,
  NearMember,
  NearReply,
  NearRequest,
} from "./region-frames.ts";
export { describeIssues } from "./standard-schema.ts";
export type {
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from "./standard-schema.ts";
export { uploadSchema } from "./upload.ts";
export type { UploadProgress } from "./upload.ts";
export type { ChangeTrace, Trail, TrailEvent, TrailRead, TrailTold, TrailWrite } from "./trace.ts";
