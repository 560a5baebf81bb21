import { expect, test } from "vitest";
import { defineLimit } from "../limits/define-limit.ts";
import { resolveLimited } from "./limited-options.ts";

const policy = defineLimit({ name: "api", limit: 10, window: "1m" });

function refusal(because: string): Error {
  return expect.objectContaining({
    code: "LIVE_OPTIONS_INVALID",
    message: expect.stringContaining(because) as unknown,
  }) as Error;
}

test("a limit, a use, a list and options are taken, with the defaults of the documentation", () => {
  const use = { by: ["user"], hashed: false };
  for (const input of [policy, { policy }, [policy], { limits: policy }, { limits: [{ policy }] }]) {
    const route = resolveLimited(input);
    expect(route).toMatchObject({
      hasHeaders: true,
      trusted: 0,
      ipv6Bits: 64,
      skip: undefined,
      count: "all",
    });
    expect(route.uses).toEqual([{ ...use, policy, cost: expect.any(Function) as unknown }]);
    expect(route.uses[0]!.cost({})).toBe(1);
  }
});

test.each<[options: object, because: string]>([
  [{ limits: [] }, "1 to 10 limits"],
  [{ limits: Array(11).fill(policy) }, "1 to 10 limits"],
  [{}, "1 to 10 limits"],
  [{ limits: { name: "api" } }, "limited: limits"],
  [{ limits: policy, headers: "draft-8" }, "limited: headers"],
  [{ limits: policy, headers: true }, "limited: headers"],
  [{ limits: policy, count: "some" }, "limited: count"],
  [{ limits: policy, skip: true }, "limited: skip"],
  [{ limits: policy, ipv6Bits: 31 }, "limited: ipv6Bits"],
  [{ limits: policy, ipv6Bits: 65 }, "limited: ipv6Bits"],
  [{ limits: policy, limit: 5 }, '"limit"'],
  [{ policy, by: "ip" }, "limited: by"],
  [{ policy, by: [] }, "limited: by"],
  [{ policy, by: Array(5).fill("user") }, "limited: by"],
  [{ policy, cost: 0 }, "limited: cost"],
  [{ policy, cost: 11 }, "limited: cost"],
  [{ policy, hashed: 1 }, "limited: hashed"],
  [{ policy: {} }, "limited: policy"],
])("%j is refused", (options, because) => {
  expect(() => resolveLimited(options as never)).toThrow(refusal(because));
});

test("bounds are taken", () => {
  expect(resolveLimited({ limits: Array(10).fill(policy), ipv6Bits: 32, trustProxy: 10 }).uses).toHaveLength(
    10,
  );
  expect(resolveLimited({ policy, cost: 10, by: ["user", "address", "route", () => "x"] }).uses).toHaveLength(
    1,
  );
});

test.each([
  true,
  "loopback",
  -1,
  11,
  1.5,
  [],
  [7],
  ["10.0.0.0/33"],
  ["10.0.0.0/0"],
  ["::/0"],
  ["10.0.0"],
  ["10.0.0.0/8/8"],
])("proxies named as %j are refused, not believed", (trustProxy) => {
  expect(() => resolveLimited({ limits: policy, trustProxy: trustProxy as never })).toThrow(
    refusal("limited: trustProxy"),
  );
});

test("proxies are named by addresses and networks of both kinds", () => {
  const { trusted } = resolveLimited({
    limits: policy,
    trustProxy: ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::1"],
  });
  const isTrusted = trusted as (address: string) => boolean;
  const asked = [
    "10.255.0.1",
    "11.0.0.1",
    "192.0.2.1",
    "192.0.2.2",
    "2001:db8:ffff::1",
    "2001:db9::",
    "::1",
    "::2",
  ];
  expect(asked.map(isTrusted)).toEqual([true, false, true, false, true, false, true, false]);
});
