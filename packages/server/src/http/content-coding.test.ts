import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { MIN_COMPRESSED_BYTES, chooseForm, isCompressible, withCodings } from "./content-coding.ts";
import type { StoredResponse } from "./stored-response.ts";

function response(type: string, body: string, headers: Record<string, string> = {}): StoredResponse {
  const all = { ...headers, ...(type === "" ? {} : { "content-type": type }) };
  return { status: 200, headers: new Map(Object.entries(all)), body: Buffer.from(body) };
}

const TEXT = "a".repeat(MIN_COMPRESSED_BYTES);

test.each([
  ["application/json; charset=utf-8", true],
  ["Text/HTML", true],
  ["application/problem+json", true],
  ["image/svg+xml", true],
  ["application/javascript", true],
  ["text/event-stream", false],
  ["image/png", false],
  ["application/octet-stream", false],
  ["application/zip", false],
  ["", false],
])("%s is compressed: %s", (type, expected) => {
  expect(isCompressible(response(type, TEXT))).toBe(expected);
});

test("small bodies, compressed ones, and those that nobody may transform stay as they are", () => {
  expect(isCompressible(response("text/plain", TEXT.slice(1)))).toBe(false);
  expect(isCompressible(response("text/plain", TEXT))).toBe(true);
  expect(isCompressible(response("text/plain", TEXT, { "content-encoding": "gzip" }))).toBe(false);
  expect(isCompressible(response("text/plain", TEXT, { "cache-control": "No-Transform, max-age=5" }))).toBe(
    false,
  );
});

test("both forms hold the body, and a body that compression does not make smaller has none", async () => {
  const { coded } = await withCodings(response("text/plain", TEXT));
  expect(gunzipSync(coded!.get("gzip")!).toString()).toBe(TEXT);
  expect(brotliDecompressSync(coded!.get("br")!).toString()).toBe(TEXT);
  const noise = { ...response("text/plain", ""), body: noiseOf(4_096) };
  expect(await withCodings(noise)).toBe(noise);
  expect((await withCodings(response("image/png", TEXT))).coded).toBeUndefined();
});

/** Bytes that look random, and are the same each time. */
function noiseOf(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16);
}

const br = Buffer.from("br");
const gzip = Buffer.from("gzip");

test.each([
  ["gzip, deflate, br", "br"],
  ["gzip", "gzip"],
  ["GZIP;Q=1", "gzip"],
  ["x-gzip", "gzip"],
  ["br;q=0.5, gzip;q=0.8", "gzip"],
  ["br;q=0.5, gzip;q=0.5", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0, gzip;q=0", undefined],
  ["identity, gzip;q=0.5", undefined],
  ["identity;q=0.5, gzip;q=0.4, br;q=0.1", undefined],
  ["gzip;q=0.4", "gzip"],
  ["*", "br"],
  ["*;q=0", undefined],
  ["*;q=0, gzip", "gzip"],
  ["br;q=0, *", "gzip"],
  ["identity;q=0", undefined],
  ["identity;q=0, gzip", "gzip"],
  ["deflate, zstd", undefined],
  ["gzip;q=high", "gzip"],
  [",,;,", undefined],
  ["", undefined],
])("Accept-Encoding: %s gets %s", (accepted, coding) => {
  const coded = new Map([["br", br] as const, ["gzip", gzip] as const]);
  const chosen = chooseForm({ ...response("text/plain", "plain"), coded }, { "accept-encoding": accepted });
  expect(chosen.coding).toBe(coding);
  expect(Buffer.from(chosen.body).toString()).toBe(coding ?? "plain");
});

test("a form that is not there is not chosen, and a body without forms is sent as it is", () => {
  const coded = new Map([["gzip", gzip] as const]);
  const stored = response("text/plain", "plain");
  expect(chooseForm({ ...stored, coded }, { "accept-encoding": "br, gzip;q=0.1" }).coding).toBe("gzip");
  expect(chooseForm(stored, { "accept-encoding": "br, identity;q=0" })).toEqual({
    coding: undefined,
    body: stored.body,
  });
});
