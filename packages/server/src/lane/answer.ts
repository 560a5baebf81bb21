import type { IncomingMessage } from "node:http";
import { parsePosition } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { NearHit, Resolved } from "../cache/request.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import { replyTo } from "../http/reply.ts";
import type { StoredResponse } from "../http/stored-response.ts";
import type { LaneRequest } from "./pass-key.ts";
import type { Pass } from "./passes.ts";

/** An answer ready to be written. */
export interface LaneReply {
  readonly status: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly head: string[];
  readonly body: Uint8Array | undefined;
}

/** Makes answers from this node's memory. */
export interface Answers {
  /** `undefined`: this node's memory has no current response for it. */
  of(pass: Pass<CachedRoute>, asked: LaneRequest, request: IncomingMessage): LaneReply | undefined;
}

/** The last answer made for a pass; good for the same entry, encoding and second. */
interface Prepared {
  readonly hit: NearHit<StoredResponse>;
  readonly acceptEncoding: string;
  readonly untilMs: number;
  readonly reply: LaneReply;
}

/** Makes the answers of one lane. */
export function createAnswers({ cache, clock, tokens }: LiveDoor): Answers {
  const prepared = new WeakMap<Pass<CachedRoute>, Prepared>();

  function make(pass: Pass<CachedRoute>, hit: NearHit<StoredResponse>, request: IncomingMessage): LaneReply {
    const { route, key, digest, standing } = pass;
    const { value, tags, position } = hit;
    const nowMs = clock.now();
    const resolved: Resolved<StoredResponse> = {
      value,
      tags,
      position,
      source: "near",
      reason: "hit-near",
      stored: true,
      ttlLeftMs: hit.freshUntilMs - nowMs,
      ageMs: nowMs - hit.loadedAtMs,
    };
    const token = tokens.mint({ key, tags, vary: route.identityFields, digest, position });
    const { headers } = request;
    const reply = replyTo({ route, request: headers, standing, resolved, cause: undefined, token });
    const names = new Map<string, string | readonly string[]>(Object.entries(standing));
    for (const name of reply.without) names.delete(name);
    for (const [name, field] of reply.headers) names.set(name, field);
    const head: string[] = [];
    for (const [name, field] of names) {
      for (const line of typeof field === "string" ? [field] : field) head.push(name, line);
    }
    return { status: reply.status, head, body: reply.body };
  }

  return {
    of(pass, asked, request) {
      const { position, acceptEncoding, isConditional } = asked;
      const fence = position === undefined ? undefined : parsePosition(position);
      const hit = cache.peek<StoredResponse>(pass.key, fence);
      if (!hit) return undefined;
      if (isConditional) return make(pass, hit, request);
      const last = prepared.get(pass);
      const nowMs = clock.now();
      if (last?.hit === hit && last.acceptEncoding === acceptEncoding && nowMs < last.untilMs)
        return last.reply;
      const reply = make(pass, hit, request);
      // Age and what is left of the TTL are told in whole seconds; both change at the same moment or some time apart.
      const untilMs = nowMs + Math.min(...secondsLeft(hit, nowMs));
      prepared.set(pass, { hit, acceptEncoding, untilMs, reply });
      return reply;
    },
  };
}

/** How long until the age, and what is left of the TTL, are another whole second. */
function secondsLeft({ loadedAtMs, freshUntilMs }: NearHit<unknown>, nowMs: number): [number, number] {
  return [1_000 - ((nowMs - loadedAtMs) % 1_000), (freshUntilMs - nowMs) % 1_000];
}
