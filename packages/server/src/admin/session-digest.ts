import { createHash } from "node:crypto";

/** Names a session without opening it: an id is as good as a password. */
export function sessionDigest(id: string): string {
  return createHash("sha256").update(id).digest("base64url").slice(0, 16);
}
