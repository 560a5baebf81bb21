import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import type { Identity } from "../base/identity.ts";
import { readOrigins } from "../base/origin.ts";
import type { GuardOptions } from "../live/guarding.ts";
import { readUserLimits } from "./user-limits.ts";
import type { UserLimits } from "./user-limits.ts";

/** Options of `attach`. */
export interface AttachOptions<I extends Identity = Identity> {
  /** Origins besides the server's own whose pages may connect, such as `https://app.example.com`. Default: none. */
  readonly origins?: readonly string[];
  /** How many proxies of yours stand before this server, each adding to `X-Forwarded-For`. Default 0: the header is not believed. */
  readonly trustProxy?: number;
  readonly limits?: Partial<AttachLimits>;
  /** How often each user may do something, over all sockets and nodes. Default: no more than `limits` say of each socket. */
  readonly perUser?: UserLimits;
  /** Who may connect, and stay: asked at the handshake, and again whenever the identity may have changed. Default: everybody, nobody included. */
  readonly guard?: GuardOptions<I>;
}

/** What the clients of one node may take. */
export interface AttachLimits {
  /** Sockets of one user on this node. Default 20. */
  readonly socketsPerUser: number;
  /** Sockets of one address on this node; of IPv6, of one /64 network. The machine itself is not counted. Default 100. */
  readonly socketsPerAddress: number;
  /** Channels that one socket is in, or is asking to join, at a time. Default 100. */
  readonly channelsPerSocket: number;
  /** `join` frames of one socket a second; twice as many as it may be in channels may come at once. Default 10. */
  readonly joinsPerSecond: number;
  /** Frames of one socket a second; 500 more than it may be in channels may come at once. Default 50. */
  readonly framesPerSecond: number;
  /** Frames of one socket that are not answered yet. Default 600. */
  readonly pendingFrames: number;
  /** Bytes of JSON of one frame. Default 65,536. */
  readonly messageBytes: number;
  /** Bytes that may wait to be sent to one socket. Default 1,048,576. */
  readonly waitingBytes: number;
  /** Handshakes a second that this node admits; twice as many may come at once. Default 1,000. */
  readonly handshakesPerSecond: number;
}

/** Defaults, and the least and most that may be set. */
const LIMITS: { readonly [Name in keyof AttachLimits]: readonly [usual: number, min: number, max: number] } =
  {
    socketsPerUser: [20, 1, 1_000_000],
    socketsPerAddress: [100, 1, 1_000_000],
    channelsPerSocket: [100, 1, 100_000],
    joinsPerSecond: [10, 1, 100_000],
    framesPerSecond: [50, 1, 100_000],
    pendingFrames: [600, 1, 100_000],
    messageBytes: [65_536, 1_024, 16 * 1024 * 1024],
    waitingBytes: [1024 * 1024, 128 * 1024, 256 * 1024 * 1024],
    handshakesPerSecond: [1_000, 1, 100_000],
  };

/** Options with the defaults put in. */
export interface ResolvedAttachOptions {
  readonly origins: ReadonlySet<string>;
  readonly trustProxy: number;
  readonly limits: AttachLimits;
  readonly perUser: UserLimits;
  readonly guard: GuardOptions | undefined;
}

/** How many proxies may stand in a row. */
const MAX_PROXIES = 10;

/**
 * Puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an unknown option, and for a value that is not what {@link AttachOptions} says
 */
export function resolveAttachOptions(options: AttachOptions): ResolvedAttachOptions {
  refuseUnknown("attach", options, ["origins", "trustProxy", "limits", "perUser", "guard"]);
  const { origins, trustProxy = 0, limits = {} } = options;
  refuseUnknown("attach: limits", limits, Object.keys(LIMITS));
  if (typeof trustProxy === "boolean") {
    throw invalidOption("attach: trustProxy", "the number of your proxies in a row, such as 1", trustProxy);
  }
  const read = (name: keyof AttachLimits): number => {
    const [usual, min, max] = LIMITS[name];
    const value = limits[name];
    return value === undefined ? usual : wholeNumber(`attach: limits.${name}`, value, [min, max]);
  };
  return {
    origins: readOrigins("attach: origins", origins),
    trustProxy: wholeNumber("attach: trustProxy", trustProxy, [0, MAX_PROXIES]),
    perUser: readUserLimits(options.perUser),
    limits: {
      socketsPerUser: read("socketsPerUser"),
      socketsPerAddress: read("socketsPerAddress"),
      channelsPerSocket: read("channelsPerSocket"),
      joinsPerSecond: read("joinsPerSecond"),
      framesPerSecond: read("framesPerSecond"),
      pendingFrames: read("pendingFrames"),
      messageBytes: read("messageBytes"),
      waitingBytes: read("waitingBytes"),
      handshakesPerSecond: read("handshakesPerSecond"),
    },
    guard: options.guard,
  };
}
