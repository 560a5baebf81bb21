import type { IncomingMessage } from "node:http";
import { parsePosition } from "@livecache/wire";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import { nearReply } from "../http/prepared.ts";
import type { Reply } from "../http/reply.ts";
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

/** Makes the answers of one lane. */
export function createAnswers(door: LiveDoor): Answers {
  /** The last answer written for each pass: the core makes one a second for all who ask alike. */
  const written = new WeakMap<Pass<CachedRoute>, { readonly reply: Reply; readonly written: LaneReply }>();
  return {
    of(pass, { position }, { method = "GET", url = "", headers }) {
      const { route, key, digest, standing } = pass;
      const { consistency, refreshAt } = route.freshness;
      if (consistency === "fresh") return undefined;
      const fence = position === undefined ? undefined : parsePosition(position);
      const hit = door.cache.peek<StoredResponse>(key, fence, refreshAt);
      if (!hit) return undefined;
      const lookup = { type: "lookup", key, digest, identity: undefined } as const;
      const request = { method, target: url, origin: "", headers };
      const reply = nearReply({ door, route, lookup, hit, request, standing });
      const last = written.get(pass);
      if (last?.reply === reply) return last.written;
      const made = write(reply, standing);
      written.set(pass, { reply, written: made });
      return made;
    },
  };
}

/** Puts the reply over the standing headers. */
function write(
  { status, without, headers, body }: Reply,
  standing: Pass<CachedRoute>["standing"],
): LaneReply {
  const fields = new Map(Object.entries(standing));
  for (const name of without) fields.delete(name);
  for (const [name, value] of headers) fields.set(name, value);
  const head: string[] = [];
  for (const [name, value] of fields) {
    for (const line of typeof value === "string" ? [value] : value) head.push(name, line);
  }
  return { status, head, body };
}
