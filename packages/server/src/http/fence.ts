import { POSITION_HEADER, parsePosition } from "@livecache/wire";
import type { RequestScope } from "../base/request-scope.ts";
import type { Headers } from "./field-list.ts";

/**
 * What a request knows of positions when it comes in: the one it presents as `Live-Position`, which everything read for it
 * must be at least as new as. A malformed one is no fence. A forged one costs its sender a slower answer, never a wrong one.
 */
export function scopeOf(headers: Headers): RequestScope {
  return { fence: parsePosition(headers[POSITION_HEADER.toLowerCase()]), changed: undefined };
}
