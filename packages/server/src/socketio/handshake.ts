import { LiveError, isLiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { JudgeIdentity } from "../live/guarding.ts";
import type { Admission } from "../live/guest.ts";
import { clientAddress, isOwnMachine, networkOf } from "../base/client-address.ts";
import type { Admissions } from "./admission.ts";
import type { ResolvedAttachOptions } from "./options.ts";
import { isOriginAllowed } from "./origin.ts";
import type { Tally } from "./tally.ts";

/** What a refused socket finds as `data` on its `connect_error`. */
export interface HandshakeRefusal {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** When to try again, if the server is busy. */
  readonly retryAfterMs?: number;
}

/** What admitting needs from its surroundings. */
export interface HandshakeParts {
  readonly door: Pick<LiveDoor, "admit" | "warn">;
  readonly options: ResolvedAttachOptions;
  readonly admissions: Admissions;
  /** Connections of each network, counted where they come in. */
  readonly byNetwork: Tally;
  readonly byUser: Tally;
  /** Who may connect. */
  readonly judge: JudgeIdentity | undefined;
}

/** The address of a socket's client. */
export function addressOf({ handshake, conn }: Socket, trustProxy: number): string | undefined {
  return clientAddress({ headers: handshake.headers, remote: conn.remoteAddress }, trustProxy);
}

/**
 * Says who a socket is, before it is connected. Nobody is `undefined`, and may connect.
 *
 * Rejects with `LIVE_ORIGIN_REFUSED` for a page of a foreign site, with `LIVE_LIMIT_REACHED` for an address or user that has enough sockets,
 * with `LIVE_NODE_BUSY` when too many come at once, and with `LIVE_IDENTITY_FAILED` when the application's `identify` fails or takes longer
 * than 10 seconds. The socket counts for its user until it is gone.
 */
export async function admit(parts: HandshakeParts, socket: Socket): Promise<Admission> {
  const { handshake } = socket;
  const { headers, url, auth } = handshake;
  refuseOrigin(parts, headers);
  refuseNetwork(parts, socket);
  parts.admissions.admit();
  const admission = await parts.door.admit({ headers, url, auth, native: handshake }, parts.judge);
  countUser(parts, socket, admission.identity?.userId);
  return admission;
}

function refuseOrigin({ door, options }: HandshakeParts, headers: Socket["handshake"]["headers"]): void {
  if (isOriginAllowed(headers, options.origins)) return;
  const { origin, host } = headers;
  door.warn(ORIGIN_ADVICE, { origin, host });
  throw new LiveError("LIVE_ORIGIN_REFUSED", "Pages of this origin may not connect.");
}

/** What the log says of a foreign page. */
export const ORIGIN_ADVICE =
  "a socket was refused because of its origin; list it in attach(live, io, { origins })";

function refuseNetwork({ options, byNetwork, door }: HandshakeParts, socket: Socket): void {
  const { limits, trustProxy } = options;
  const address = addressOf(socket, trustProxy);
  if (address === undefined || isOwnMachine(address)) return;
  if (byNetwork.count(networkOf(address)) <= limits.socketsPerAddress) return;
  door.warn(
    "a socket was refused because its address has too many; if clients come through proxies, set attach(live, io, { trustProxy })",
    { address },
  );
  throw new LiveError(
    "LIVE_LIMIT_REACHED",
    `This address has ${limits.socketsPerAddress} connections already. Close some, or share one among tabs.`,
  );
}

function countUser({ options, byUser }: HandshakeParts, socket: Socket, userId: string | undefined): void {
  if (userId === undefined) return;
  const most = options.limits.socketsPerUser;
  if (byUser.count(userId) >= most) {
    throw new LiveError(
      "LIVE_LIMIT_REACHED",
      `This user has ${most} connections already. Close some, or share one among tabs.`,
    );
  }
  const release = byUser.add(userId);
  if (socket.conn.readyState === "open") {
    // It may be called twice, and a listener for one time costs each socket more.
    socket.conn.on("close", release);
    socket.on("disconnect", release);
  } else {
    release();
  }
}

/** Turns the failure of {@link admit} into what Socket.IO sends as `connect_error`. */
export function toConnectError(error: unknown): Error & { data: HandshakeRefusal } {
  const { code, message, retryable, details } = isLiveError(error) ? error : identityFailed();
  const { retryAfterMs } = details;
  const later = typeof retryAfterMs === "number" ? { retryAfterMs } : {};
  return Object.assign(new Error(message), { data: { code, message, retryable, ...later } });
}

/** Says nothing of the cause, which may be confidential; the log has it. */
function identityFailed(): LiveError {
  return new LiveError("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Try again later.");
}
