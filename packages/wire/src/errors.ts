/** What the registry knows of one error code. */
export interface ErrorEntry {
  /** HTTP status that a door answers with. */
  readonly status: number;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
}

/** Every error code of Livecache. `docs/reference/errors.md` explains each; a test holds the two equal. */
export const ERRORS = {
  LIVE_INPUT_INVALID: { status: 400, retryable: false },
  LIVE_CONTRACT_INVALID: { status: 500, retryable: false },
  LIVE_OPTIONS_INVALID: { status: 500, retryable: false },
  LIVE_CLOSED: { status: 503, retryable: false },
  LIVE_GROUND_AWAY: { status: 503, retryable: true },
  LIVE_GROUND_TIMEOUT: { status: 503, retryable: true },
  LIVE_GROUND_REFUSED: { status: 500, retryable: false },
  LIVE_GROUND_BUSY: { status: 503, retryable: true },
  LIVE_GROUND_UNSAFE: { status: 500, retryable: false },
  LIVE_LOAD_TIMEOUT: { status: 504, retryable: true },
  LIVE_VALUE_UNSUPPORTED: { status: 500, retryable: false },
  LIVE_EVENT_INVALID: { status: 400, retryable: false },
  LIVE_TOKEN_INVALID: { status: 403, retryable: false },
  LIVE_CHANNEL_UNKNOWN: { status: 404, retryable: false },
  LIVE_CHANNEL_REFUSED: { status: 403, retryable: false },
  LIVE_LIMIT_REACHED: { status: 429, retryable: true },
  LIVE_NODE_BUSY: { status: 503, retryable: true },
  LIVE_SLOW_READER: { status: 408, retryable: true },
  LIVE_FRAME_INVALID: { status: 400, retryable: false },
  LIVE_ORIGIN_REFUSED: { status: 403, retryable: false },
  LIVE_IDENTITY_FAILED: { status: 503, retryable: true },
  LIVE_IDENTITY_REQUIRED: { status: 401, retryable: false },
  LIVE_ACCESS_REFUSED: { status: 403, retryable: false },
  LIVE_BEARER_REFUSED: { status: 401, retryable: false },
  LIVE_REVOCATION_STALE: { status: 503, retryable: true },
  LIVE_IDENTITY_ENDED: { status: 401, retryable: false },
  LIVE_IDENTITY_EXPIRED: { status: 401, retryable: false },
  LIVE_DISCONNECTED: { status: 503, retryable: true },
  LIVE_REVOCATION_PENDING: { status: 503, retryable: true },
  LIVE_SESSION_CONFLICT: { status: 409, retryable: false },
  LIVE_REQUEST_FAILED: { status: 502, retryable: true },
  LIVE_SOURCE_MOVED: { status: 409, retryable: false },
  LIVE_SOURCE_STOPPED: { status: 500, retryable: false },
  LIVE_SOURCE_REFUSED: { status: 500, retryable: false },
  LIVE_OUTBOX_MISSING: { status: 500, retryable: false },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

type RetryableCode = {
  [Code in ErrorCode]: (typeof ERRORS)[Code]["retryable"] extends true ? Code : never;
}[ErrorCode];

/** The same codes as the registry calls retryable, apart from it so that a page need not load the registry; the type holds both equal. */
const RETRYABLE: Readonly<Record<RetryableCode, 1>> = {
  LIVE_GROUND_AWAY: 1,
  LIVE_GROUND_TIMEOUT: 1,
  LIVE_GROUND_BUSY: 1,
  LIVE_LOAD_TIMEOUT: 1,
  LIVE_LIMIT_REACHED: 1,
  LIVE_NODE_BUSY: 1,
  LIVE_SLOW_READER: 1,
  LIVE_IDENTITY_FAILED: 1,
  LIVE_DISCONNECTED: 1,
  LIVE_REVOCATION_STALE: 1,
  LIVE_REVOCATION_PENDING: 1,
  LIVE_REQUEST_FAILED: 1,
};

/** What an error carries besides its message. */
export interface ErrorContext {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const BRAND = Symbol.for("livecache.error");

/** The one error class of Livecache. Recognise it by `code` or {@link isLiveError}, not by `instanceof`. */
export class LiveError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = "LiveError";
    this.code = code;
    this.retryable = code in RETRYABLE;
    this.details = context.details ?? {};
  }
}

/** Whether a value is a Livecache error, also when it was made by another copy of the package. */
export function isLiveError(value: unknown): value is LiveError {
  return typeof value === "object" && value !== null && BRAND in value;
}
