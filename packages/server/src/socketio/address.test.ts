import { expect, test } from "vitest";
import { clientAddress, isOwnMachine, networkOf } from "./address.ts";

test.each<
  [what: string, remote: string | undefined, forwarded: string | undefined, proxies: number, is: unknown]
>([
  ["no proxy", "203.0.113.9", undefined, 0, "203.0.113.9"],
  ["no proxy, and a header that anybody can send", "203.0.113.9", "198.51.100.1", 0, "203.0.113.9"],
  ["one proxy", "10.0.0.1", "203.0.113.9", 1, "203.0.113.9"],
  [
    "one proxy, and what the client made up before it",
    "10.0.0.1",
    "198.51.100.1, 203.0.113.9",
    1,
    "203.0.113.9",
  ],
  ["two proxies", "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"],
  ["fewer places than proxies", "10.0.0.1", "203.0.113.9", 3, "203.0.113.9"],
  ["a proxy that adds nothing", "10.0.0.1", undefined, 1, "10.0.0.1"],
  ["a proxy that adds no address", "10.0.0.1", "unknown", 1, "10.0.0.1"],
  ["a port", "10.0.0.1", "203.0.113.9:5123", 1, "203.0.113.9"],
  ["IPv6 in brackets, with a port", "10.0.0.1", "[2001:DB8::7]:443", 1, "2001:db8::7"],
  ["IPv4 inside IPv6", "::ffff:203.0.113.9", undefined, 0, "203.0.113.9"],
  ["a zone", "fe80::1%eth0", undefined, 0, "fe80::1"],
  ["nothing known", undefined, undefined, 0, undefined],
])("%s", (_what, remote, forwarded, proxies, is) => {
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
