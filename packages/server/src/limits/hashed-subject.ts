import { createHash } from "node:crypto";

/**
 * The subject under which `limited` counts what a function says of a request when a use is `hashed`, such as an account by `signInLimits`: to
 * look at, block or forget it with `live.limits`. Capitals and spaces around it make no difference.
 */
export function hashedSubject(text: string): string {
  return digestOf(`own ${plainText(text)}`);
}

/** What makes no difference is left aside. */
export function plainText(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** The subject that stands for another one. */
export function digestOf(subject: string): string {
  return `hashed ${createHash("sha256").update(subject).digest("base64url")}`;
}
