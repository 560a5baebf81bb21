import { brotliCompress, constants, gzip } from "node:zlib";
import { promisify } from "node:util";
import { CODINGS } from "./codings.ts";
import type { Coding } from "./codings.ts";
import { fieldMembers, fieldValue } from "./field-list.ts";
import type { Headers } from "./field-list.ts";
import type { StoredResponse } from "./stored-response.ts";

/** Smallest body that is compressed, in bytes: below, the header costs what the body saves. */
export const MIN_COMPRESSED_BYTES = 1_024;

/** A compressed form that is not smaller than this share of the body is not worth its place. */
const WORTHWHILE = 0.9;

/** Most bytes of a response in all its forms: an entry may not get larger by much. */
const MAX_ALL_BYTES = 7 * 1024 * 1024;

const COMPRESSIBLE =
  /^\s*(?:text\/(?!event-stream)|application\/(?:json|javascript|xml|wasm|manifest\+json|x-ndjson|graphql)|image\/svg\+xml|[\w.-]+\/[\w.-]+\+(?:json|xml|text))/i;

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Quality 4 compresses JSON about as well as gzip does at its best, in a fraction of the time of the default 11. */
const BROTLI_QUALITY = 4;

const COMPRESS: Readonly<Record<Coding, (body: Uint8Array) => Promise<Uint8Array>>> = {
  gzip: (body) => compressGzip(body),
  br: (body) =>
    compressBrotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
};

/** Whether a response is stored compressed too: text of some size, that says nothing against it and is not compressed already. */
export function isCompressible({ headers, body }: StoredResponse): boolean {
  if (body.length < MIN_COMPRESSED_BYTES || headers.has("content-encoding")) return false;
  const own = Object.fromEntries(headers);
  if (fieldMembers(own, "cache-control").includes("no-transform")) return false;
  return COMPRESSIBLE.test(fieldValue(own, "content-type"));
}

/** The response with its compressed forms beside it, made off this thread. A form that saves little is left out. */
export async function withCodings(response: StoredResponse): Promise<StoredResponse> {
  if (!isCompressible(response)) return response;
  const { body } = response;
  const made = await Promise.all(CODINGS.map((coding) => COMPRESS[coding](body)));
  const coded = new Map<Coding, Uint8Array>();
  let bytes = body.length;
  for (const [index, coding] of CODINGS.entries()) {
    const form = made[index]!;
    if (form.length > body.length * WORTHWHILE || bytes + form.length > MAX_ALL_BYTES) continue;
    coded.set(coding, form);
    bytes += form.length;
  }
  return coded.size === 0 ? response : { ...response, coded };
}

/** The body in the form that a client wants. */
export interface Form {
  readonly coding: Coding | undefined;
  readonly body: Uint8Array;
}

/**
 * Chooses the form of a body by `Accept-Encoding` (RFC 9110 section 12.5.3): the highest weight; of equal ones the smallest form
 * first. A client that accepts none gets the body as it is.
 */
export function chooseForm({ body, coded }: StoredResponse, request: Headers): Form {
  if (coded === undefined || coded.size === 0) return { coding: undefined, body };
  const accepted = fieldValue(request, "accept-encoding");
  if (accepted === "") return { coding: undefined, body };
  const weights = readWeights(accepted);
  const any = weights.get("*");
  let best: Form = { coding: undefined, body };
  // Without a word on identity it is acceptable, and behind every coding that is named.
  let bestWeight = weights.get("identity") ?? any ?? 0;
  for (const coding of CODINGS) {
    const form = coded.get(coding);
    const weight = weights.get(coding) ?? (coding === "gzip" ? weights.get("x-gzip") : undefined) ?? any ?? 0;
    if (!form || weight === 0) continue;
    const isBetter = weight > bestWeight || (weight === bestWeight && best.coding === undefined);
    if (!isBetter) continue;
    best = { coding, body: form };
    bestWeight = weight;
  }
  return best;
}

/** Weights by coding; one that is no number from 0 to 1 counts as 1. */
function readWeights(accepted: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of accepted.toLowerCase().split(",")) {
    const [name = "", ...parameters] = member.split(";").map((part) => part.trim());
    if (name === "") continue;
    const given = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const weight = given === undefined ? 1 : Number(given.slice(given.indexOf("=") + 1));
    weights.set(name, weight >= 0 && weight <= 1 ? weight : 1);
  }
  return weights;
}
