import { LiveError, isLiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity } from "../base/identity.ts";
import { isOriginAllowed } from "./origin.ts";

/** What a refused socket finds as `data` on its `connect_error`. */
export interface HandshakeRefusal {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** How long the application may take to say who a socket is. */
const IDENTIFY_WITHIN_MS = 10_000;

/**
 * Says who a socket is, before it is connected. Nobody is `undefined`, and may connect.
 *
 * Rejects with `LIVE_ORIGIN_REFUSED` for a page of a foreign site, and with `LIVE_IDENTITY_FAILED` when the application's `identify`
 * fails or takes longer than 10 seconds.
 */
export async function admit(
  { identify, clock, warn }: LiveDoor,
  origins: ReadonlySet<string>,
  { handshake }: Socket,
): Promise<Identity | undefined> {
  const { headers, url, auth } = handshake;
  if (!isOriginAllowed(headers, origins)) {
    const { origin, host } = headers;
    warn("a socket was refused because of its origin; list it in attach(live, io, { origins })", {
      origin,
      host,
    });
    throw new LiveError("LIVE_ORIGIN_REFUSED", "Pages of this origin may not connect.");
  }
  const work = identify({ headers, url, auth, native: handshake });
  try {
    return await withDeadline(clock, work, { what: "identify", limitMs: IDENTIFY_WITHIN_MS });
  } catch (error) {
    warn("a socket was refused because nobody could say who it is", { error });
    throw identityFailed();
  }
}

/** Turns the failure of {@link admit} into what Socket.IO sends as `connect_error`. */
export function toConnectError(error: unknown): Error & { data: HandshakeRefusal } {
  const { code, message, retryable } = isLiveError(error) ? error : identityFailed();
  return Object.assign(new Error(message), { data: { code, message, retryable } });
}

/** Says nothing of the cause, which may be confidential; the log has it. */
function identityFailed(): LiveError {
  return new LiveError("LIVE_IDENTITY_FAILED", "The server could not tell who this is. Try again later.");
}
