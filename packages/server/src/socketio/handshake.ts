import { LiveError, isLiveError } from "@livecache/wire";
import type { Socket } from "socket.io";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Admission } from "../live/standings.ts";
import { isOriginAllowed } from "./origin.ts";

/** What a refused socket finds as `data` on its `connect_error`. */
export interface HandshakeRefusal {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * Says who a socket is, before it is connected. Nobody is `undefined`, and may connect.
 *
 * Rejects with `LIVE_ORIGIN_REFUSED` for a page of a foreign site, and with `LIVE_IDENTITY_FAILED` when the application's `identify`
 * fails or takes longer than 10 seconds.
 */
export async function admit(
  door: LiveDoor,
  origins: ReadonlySet<string>,
  { handshake }: Socket,
): Promise<Admission> {
  const { headers, url, auth } = handshake;
  if (!isOriginAllowed(headers, origins)) {
    const { origin, host } = headers;
    door.warn("a socket was refused because of its origin; list it in attach(live, io, { origins })", {
      origin,
      host,
    });
    throw new LiveError("LIVE_ORIGIN_REFUSED", "Pages of this origin may not connect.");
  }
  return door.admit({ headers, url, auth, native: handshake });
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
