import { expect, test } from "vitest";
import { responseCodec } from "./stored-response.ts";

test("a response comes back as it was stored, also from the middle of a larger buffer", () => {
  const stored = {
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
    expect([...back.headers]).toEqual([...stored.headers]);
    expect(Buffer.from(back.body).equals(stored.body)).toBe(true);
  }
});

test("an empty body is a body", () => {
  const back = responseCodec.decode(responseCodec.encode({ headers: new Map(), body: new Uint8Array() }));
  expect([...back.headers]).toEqual([]);
  expect(back.body).toHaveLength(0);
});

test.each([
  ["nothing", [], /out of range|outside buffer bounds/],
  ["another format", [2, 0, 0, 0, 2, 91, 93], /unknown response format 2/],
  ["a head that is cut off", [1, 0, 0, 0, 9, 91, 93], /the head is cut off/],
  ["a head that is no JSON", [1, 0, 0, 0, 1, 91], /JSON/],
])("%s is refused", (_what, bytes, message) => {
  expect(() => responseCodec.decode(Uint8Array.from(bytes))).toThrow(message);
});
