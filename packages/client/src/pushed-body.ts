// Loaded when the first body is pushed: only pages with routes that push need it.
import { applyPatch } from "@livecache/wire";
import type { BodyFrame } from "@livecache/wire";

/** What is shown, and its entity tag, if it has one. */
export interface ShownBody {
  readonly data: unknown;
  readonly etag: string | null;
}

/** What a frame makes of what is shown; `undefined` when the frame does not fit, so that it has to be fetched. */
export function pushedBody({ body, delta, from }: BodyFrame, { data, etag }: ShownBody): unknown {
  if (!delta) return body;
  return etag !== null && plain(from ?? "") === plain(etag) ? applyPatch(data, delta) : undefined;
}

/** An entity tag without the marks that say how a body was compressed on its way. */
function plain(etag: string): string {
  return etag.replace(/^W\/|-(br|gzip|zstd)(?="$)/g, "");
}
