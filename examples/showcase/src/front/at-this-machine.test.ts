import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { isAtThisMachine } from "./at-this-machine.ts";

function from(remoteAddress: string | undefined, headers: Record<string, string>) {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

test.each([
  ["127.0.0.1", { host: "localhost:3000" }],
  ["::1", { host: "[::1]:3000" }],
  ["::ffff:127.0.0.1", { host: "127.0.0.1:3000" }],
])("%s asking for %o sits at this machine", (address, headers) => {
  expect(isAtThisMachine(from(address, headers))).toBe(true);
});

test.each([
  ["192.168.1.7", { host: "localhost:3000" }],
  ["127.0.0.1", { host: "evil.example" }],
  ["127.0.0.1", { host: "localhost.evil.example:3000" }],
  ["127.0.0.1", { host: "asha.hostel.localhost:3000" }],
  ["127.0.0.1", { host: "localhost:3000", "x-forwarded-for": "8.8.8.8" }],
  ["127.0.0.1", { host: "localhost:3000", forwarded: "for=8.8.8.8" }],
  [undefined, { host: "localhost:3000" }],
])("%s asking for %o does not", (address, headers) => {
  expect(isAtThisMachine(from(address, headers))).toBe(false);
});
