import { whyGuessable } from "../../base/guessable.ts";
import { passed } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Finds why a secret could be guessed, among those of the environment. Pure. */
export function checkEnvironment(env: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  return ["LIVE_SECRET", "SESSION_SECRET"].flatMap((name) => {
    const secret = env[name];
    if (secret === undefined) return [];
    const weakness = secret.length < 32 ? `it has ${secret.length} characters` : whyGuessable(secret);
    return weakness === undefined
      ? [passed("secret-weak", name)]
      : [weakSecret(`${name} is weak: ${weakness}`)];
  });
}

/** The finding for a secret that could be guessed. */
export function weakSecret(what: string): Finding {
  return {
    code: "secret-weak",
    level: "problem",
    what,
    why: "whoever guesses it makes cookies and live-query tokens in anybody's name",
    fix: "make one with `openssl rand -base64 32` and give it to every node; keep the old one second in the list for a day",
  };
}
