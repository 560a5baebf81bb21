import { hash } from "node:crypto";

const START = "session:";

/** The tag that moves when a session has ended. An id opens a session, so it stands in the log only as a digest. */
export function sessionTag(sessionId: string): string {
  return START + hash("sha256", sessionId, "base64url").slice(0, 22);
}

/** Whether a moved tag says that a session has ended. */
export function isSessionTag(tag: string): boolean {
  return tag.startsWith(START);
}
