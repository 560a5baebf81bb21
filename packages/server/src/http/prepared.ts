import type { LiveDoor } from "../assembly/create-live.ts";
import type { NearHit, Resolved } from "../cache/request.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { Headers } from "./field-list.ts";
import type { Lookup, PlainRequest } from "./plan.ts";
import { MERGED, replyTo } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { StoredResponse } from "./stored-response.ts";

/** What is kept beside an entry of this node's memory: the token, and the answers that were made from it in this second. */
interface Prepared {
  readonly route: CachedRoute;
  readonly token: string | undefined;
  /** By what of a request changes the answer. */
  readonly replies: Map<string, Reply>;
  /** When age or TTL are another whole second. */
  untilMs: number;
}

/** Most answers kept beside one entry: there are as many as ways in which clients ask for it. */
const MAX_REPLIES = 16;

/** Longest conditions of a request whose answer is kept. */
const MAX_ASKED_CHARS = 256;

/** A near hit, and who asks for it. */
export interface NearAnswer {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly lookup: Lookup;
  readonly hit: NearHit<StoredResponse>;
  readonly request: PlainRequest;
  readonly standing: Headers;
}

/** The answer to a near hit. It is made once a second for all who ask in the same way. */
export function nearReply(answer: NearAnswer): Reply {
  const { door, request, standing } = answer;
  const nowMs = door.clock.now();
  const prepared = preparedOf(answer, nowMs);
  if (MERGED.some((name) => standing[name] !== undefined)) return make(answer, prepared, nowMs);
  const asked = askedOf(request.headers);
  const known = prepared.replies.get(asked);
  if (known !== undefined) return known;
  const reply = make(answer, prepared, nowMs);
  if (asked.length <= MAX_ASKED_CHARS) {
    if (prepared.replies.size >= MAX_REPLIES) prepared.replies.clear();
    prepared.replies.set(asked, reply);
  }
  return reply;
}

/** Everything of a request, besides its key, that its answer depends on. */
function askedOf(headers: Headers): string {
  const encoding = headers["accept-encoding"] ?? "";
  const match = headers["if-none-match"];
  const since = headers["if-modified-since"];
  return match === undefined && since === undefined ? String(encoding) : `${encoding}\n${match}\n${since}`;
}

function preparedOf({ door, route, lookup, hit }: NearAnswer, nowMs: number): Prepared {
  const known = hit.memo as Prepared | undefined;
  if (known?.route === route) {
    if (nowMs >= known.untilMs) {
      known.replies.clear();
      known.untilMs = nextSecond(hit, nowMs);
    }
    return known;
  }
  const { key, digest } = lookup;
  const { tags, position } = hit;
  const token = door.tokens.mint({
    key,
    tags,
    vary: route.identityFields,
    digest,
    position,
    push: route.push,
  });
  const made: Prepared = { route, token, replies: new Map(), untilMs: nextSecond(hit, nowMs) };
  hit.memo = made;
  return made;
}

/** When the age, or what is left of the TTL, is another whole second. */
function nextSecond({ loadedAtMs, freshUntilMs }: NearHit<unknown>, nowMs: number): number {
  const untilOlder = 1_000 - ((nowMs - loadedAtMs) % 1_000);
  const untilShorter = (freshUntilMs - nowMs) % 1_000;
  return nowMs + Math.min(untilOlder, untilShorter);
}

function make({ route, hit, request, standing }: NearAnswer, { token }: Prepared, nowMs: number): Reply {
  const { value, tags, position, loadedAtMs, freshUntilMs } = hit;
  const age = { ageMs: nowMs - loadedAtMs, ttlLeftMs: freshUntilMs - nowMs };
  const how = { source: "near", reason: "hit-near", stored: true } as const;
  const resolved: Resolved<StoredResponse> = { ...how, ...age, value, tags, position };
  return replyTo({ route, request: request.headers, standing, resolved, cause: undefined, token });
}
