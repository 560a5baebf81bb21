import type { Limit } from "../limits/define-limit.ts";
import type { LimitReply } from "../limits/decider.ts";

/** What one limit said of a request. */
export interface LimitAnswer {
  readonly policy: Limit;
  readonly reply: LimitReply;
}

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11, lists of structured items (RFC 9651): for each limit its quota `q` and window `w`,
 * and what is left, `r`, for how many seconds, `t`. Who it is that is limited is not told. Names need no escapes: `defineLimit` sees to it.
 */
export function limitFields(answers: readonly LimitAnswer[]): readonly (readonly [string, string])[] {
  const policies = answers.map(
    ({ policy: { name, limit, windowMs } }) => `"${name}";q=${limit};w=${seconds(windowMs)}`,
  );
  const states = answers.map(
    ({ policy: { name }, reply: { allowed, remaining, retryAfterMs, resetMs } }) =>
      // After a refusal it is the time of `Retry-After`, which must not end before this one.
      `"${name}";r=${remaining};t=${seconds(allowed ? resetMs : retryAfterMs)}`,
  );
  return [
    ["ratelimit-policy", policies.join(", ")],
    ["ratelimit", states.join(", ")],
  ];
}

/** Whole seconds, none too early. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
