import { expect, test } from "vitest";
import { jsonCodec } from "./json-codec.ts";

test.each([[null], [0], [""], ["ä💧"], [[1, [2]]], [{ a: { b: [true] } }], [undefined]])(
  "%j comes back as it was",
  (value) => {
    expect(jsonCodec.decode(jsonCodec.encode(value))).toEqual(value);
  },
);

test("what comes back is frozen all the way down", () => {
  const value = jsonCodec.decode(jsonCodec.encode({ a: { b: [1] } })) as { a: { b: number[] } };
  expect(() => value.a.b.push(2)).toThrow(TypeError);
  expect(() => Object.assign(value.a, { c: 1 })).toThrow(TypeError);
});

test("a __proto__ property is dropped, at any depth", () => {
  const bytes = Buffer.concat([
    Uint8Array.of(1),
    Buffer.from('{"a":{"__proto__":{"admin":true}},"__proto__":{"admin":true}}'),
  ]);
  const value = jsonCodec.decode(bytes) as { a: object };
  expect(Object.hasOwn(value.a, "__proto__")).toBe(false);
  expect(Object.hasOwn(value, "__proto__")).toBe(false);
  expect((value as { admin?: boolean }).admin).toBeUndefined();
});

test("what JSON cannot carry is refused", () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  for (const value of [1n, () => 1, Symbol("x"), cycle]) {
    expect(() => jsonCodec.encode(value)).toThrow(
      expect.objectContaining({ code: "LIVE_VALUE_UNSUPPORTED" }),
    );
  }
});

test("bytes of another format, cut or empty, are refused", () => {
  for (const bytes of [
    new Uint8Array(),
    Uint8Array.of(9, 1),
    Uint8Array.of(1),
    Uint8Array.of(1, 123),
    Uint8Array.of(0, 0),
  ]) {
    expect(() => jsonCodec.decode(bytes)).toThrow(/unknown value format|JSON/);
  }
});
