import { TraceFlags, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { contextOf, traceparentOf } from "./traceparent.ts";

const SPAN = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};
const TEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a span is written as W3C has it, and read again", () => {
  expect(traceparentOf(SPAN)).toBe(TEXT);
  expect(traceparentOf({ ...SPAN, traceFlags: 0 })).toBe(`${TEXT.slice(0, -2)}00`);
  expect(trace.getSpanContext(contextOf(TEXT)!)).toEqual({ ...SPAN, isRemote: true });
});

test.each([
  undefined,
  "",
  "00-a-b-01",
  `01${TEXT.slice(2)}`,
  TEXT.toUpperCase(),
  `00-${"0".repeat(32)}-${"1".repeat(16)}-01`,
])("%j leads nowhere", (text) => {
  expect(contextOf(text)).toBeUndefined();
});

test("a span without ids is not written", () => {
  expect(traceparentOf({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 1 })).toBeUndefined();
});
