import { expect, test } from "vitest";
import { responseCodec } from "./stored-response.ts";

test("a response comes back as it was stored, also from the middle of a larger buffer", () => {
  const stored = {
    status: 404,
    headers: new Map<string, string | string[]>([
      ["content-type", "application/json; charset=utf-8"],
      ["link", ["</a>; rel=next", "</b>; rel=prev"]],
      ["__proto__", "é"],
    ]),
    body: Buffer.from([0, 255, 1, 2, 128]),
  };
  const bytes = responseCodec.encode(stored);
  const around = Buffer.concat([Buffer.alloc(7, 9), bytes, Buffer.alloc(3, 9)]);
  for (const place of [bytes, around.subarray(7, 7 + bytes.length)]) {
    const back = responseCodec.decode(place);
    expect(back.status).toBe(404);
    expect(back.coded).toBeUndefined();
    expect([...back.headers]).toEqual([...stored.headers]);
    expect(Buffer.from(back.body).equals(stored.body)).toBe(true);
  }
});

test("an empty body is a body", () => {
  const back = responseCodec.decode(
    responseCodec.encode({ status: 200, headers: new Map(), body: new Uint8Array() }),
  );
  expect([...back.headers]).toEqual([]);
  expect(back.body).toHaveLength(0);
});

test.each([
  ["both", ["br", "gzip"]],
  ["one", ["gzip"]],
  ["the other", ["br"]],
] as const)("compressed forms come back beside the body: %s of them", (_what, codings) => {
  const coded = new Map(codings.map((coding) => [coding, Buffer.from(`as ${coding}`)]));
  const stored = { status: 200, headers: new Map([["a", "1"]]), body: Buffer.from("plain"), coded };
  const back = responseCodec.decode(responseCodec.encode(stored));
  expect(Buffer.from(back.body).toString()).toBe("plain");
  const texts = [...(back.coded ?? [])].map(([coding, bytes]) => [coding, Buffer.from(bytes).toString()]);
  expect(texts).toEqual(codings.map((coding) => [coding, `as ${coding}`]));
});

const HEAD_OF = (headLength: number, brLength = 0) => [
  2,
  0,
  200,
  0,
  0,
  0,
  headLength,
  0,
  0,
  0,
  brLength,
  0,
  0,
  0,
  0,
];

test.each([
  ["nothing", [], /out of range|outside buffer bounds/],
  ["another format", [1, ...HEAD_OF(2).slice(1), 91, 93], /unknown response format 1/],
  ["a beginning that is cut off", HEAD_OF(2).slice(0, 9), /out of range|outside buffer bounds/],
  ["a head that is cut off", [...HEAD_OF(9), 91, 93], /the head is cut off/],
  ["a compressed form that is cut off", [...HEAD_OF(2, 9), 91, 93], /the head is cut off/],
  ["a head that is no JSON", [...HEAD_OF(1), 91], /JSON/],
])("%s is refused", (_what, bytes, message) => {
  expect(() => responseCodec.decode(Uint8Array.from(bytes))).toThrow(message);
});
