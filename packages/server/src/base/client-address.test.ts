import { expect, test } from "vitest";
import { clientAddress, isOwnMachine, networkOf } from "./client-address.ts";

interface Case {
  readonly remote?: string;
  readonly forwarded?: string;
  readonly proxies?: number;
  readonly is: string | undefined;
}

test.each<[what: string, from: Case]>([
  ["no proxy", { remote: "203.0.113.9", is: "203.0.113.9" }],
  [
    "no proxy, and a header that anybody can send",
    { remote: "203.0.113.9", forwarded: "198.51.100.1", is: "203.0.113.9" },
  ],
  ["one proxy", { remote: "10.0.0.1", forwarded: "203.0.113.9", proxies: 1, is: "203.0.113.9" }],
  [
    "one proxy, and what the client made up before it",
    { remote: "10.0.0.1", forwarded: "198.51.100.1, 203.0.113.9", proxies: 1, is: "203.0.113.9" },
  ],
  [
    "two proxies",
    { remote: "10.0.0.1", forwarded: "1.1.1.1, 203.0.113.9, 10.0.0.2", proxies: 2, is: "203.0.113.9" },
  ],
  [
    "fewer places than proxies",
    { remote: "10.0.0.1", forwarded: "203.0.113.9", proxies: 3, is: "203.0.113.9" },
  ],
  ["a proxy that adds nothing", { remote: "10.0.0.1", proxies: 1, is: "10.0.0.1" }],
  ["a proxy that adds no address", { remote: "10.0.0.1", forwarded: "unknown", proxies: 1, is: "10.0.0.1" }],
  ["a port", { remote: "10.0.0.1", forwarded: "203.0.113.9:5123", proxies: 1, is: "203.0.113.9" }],
  [
    "IPv6 in brackets, with a port",
    { remote: "10.0.0.1", forwarded: "[2001:DB8::7]:443", proxies: 1, is: "2001:db8::7" },
  ],
  ["IPv4 inside IPv6", { remote: "::ffff:203.0.113.9", is: "203.0.113.9" }],
  ["a zone", { remote: "fe80::1%eth0", is: "fe80::1" }],
  ["nothing known", { is: undefined }],
])("%s", (_what, { remote, forwarded, proxies = 0, is }) => {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  expect(clientAddress({ headers, remote }, proxies)).toBe(is);
});

test("several headers of the name are one list", () => {
  const headers = { "x-forwarded-for": ["1.1.1.1", "203.0.113.9"] };
  expect(clientAddress({ headers, remote: "10.0.0.1" }, 1)).toBe("203.0.113.9");
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::", "fe80:0:0:0::/64"],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("the machine itself is known by its addresses", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "::2"].map(isOwnMachine)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

const inside = (address: string) => address.startsWith("10.");

test.each([
  ["the other side is no proxy", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["one proxy", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["two proxies, and what the client made up", "10.0.0.1", "10.9.9.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["nothing but proxies", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ["a word that is no address", "10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"],
  ["a word that is no address behind a proxy", "10.0.0.1", "203.0.113.9, ?, 10.0.0.2", "10.0.0.2"],
  ["no header", "10.0.0.1", undefined, "10.0.0.1"],
])("proxies by their addresses: %s", (...row) => {
  const [, remote, forwarded, is] = row;
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  expect(clientAddress({ headers, remote }, inside)).toBe(is);
});

test.each([
  ["2001:db8:1:2:3:4:5:6", 48, "2001:db8:1::/48"],
  ["2001:db8:1:2ff:3:4:5:6", 56, "2001:db8:1:200::/56"],
  ["203.0.113.9", 48, "203.0.113.9"],
])("%s counts with %i bits as %s", (address, bits, network) => {
  expect(networkOf(address, bits)).toBe(network);
});
