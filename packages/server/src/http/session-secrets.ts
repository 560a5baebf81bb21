import { LiveError } from "@livecache/wire";
import { invalidOption } from "../base/check.ts";
import { whyGuessable } from "../base/guessable.ts";

const SHORTEST_SECRET = 32;
const MOST_SECRETS = 10;
/**
 * Reads the secrets that sign a cookie.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for one of fewer than 32 characters, and for a list that is empty or has more than 10
 */
export function readSecrets(name: string, secret: unknown): readonly string[] {
  const secrets: unknown = typeof secret === "string" ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.length > MOST_SECRETS) {
    const received = Array.isArray(secrets) ? `a list of ${secrets.length}` : typeof secret;
    throw invalidOption(name, `a text, or a list of 1 to ${MOST_SECRETS}`, received);
  }
  for (const one of secrets as readonly unknown[]) {
    if (typeof one === "string" && one.length >= SHORTEST_SECRET) continue;
    const received = typeof one === "string" ? `${one.length} characters` : typeof one;
    throw invalidOption(name, `at least ${SHORTEST_SECRET} characters`, received);
  }
  return secrets;
}

/**
 * Refuses secrets that anybody could guess: texts from manuals, and those of a few characters over and over. Meant for production; the
 * error does not show the secret.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function refuseGuessable(name: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const why = whyGuessable(secret);
    if (why === undefined) continue;
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `${name}: expected random secrets in production, but ${why}. Make one with \`openssl rand -base64 32\`.`,
      { details: { option: name } },
    );
  }
}
