import { expect, test } from "vitest";
import { identityDigest } from "./identity.ts";

const who = (fields: object) => ({ userId: "1", ...fields });
const warden = { userId: "7", roles: ["warden", "staff"], hostel: "a" };

test("identities with equal fields have equal digests, whatever else differs", () => {
  const other = { ...warden, userId: "8", roles: ["staff", "warden"] };
  expect(identityDigest(warden, ["roles", "hostel"])).toBe(identityDigest(other, ["roles", "hostel"]));
  expect(identityDigest(warden, ["userId"])).not.toBe(identityDigest(other, ["userId"]));
});

test("fields are not confused with each other", () => {
  const digests = [
    identityDigest(who({ a: "x", b: "" }), ["a", "b"]),
    identityDigest(who({ a: "", b: "x" }), ["a", "b"]),
    identityDigest(who({ a: ["x"], b: "" }), ["a", "b"]),
    identityDigest(who({ a: null, b: "" }), ["a", "b"]),
  ];
  expect(new Set(digests).size).toBe(4);
});

test("nobody differs from everybody, and no fields means all alike", () => {
  expect(identityDigest(undefined, ["userId"])).toBe("nobody");
  expect(identityDigest({ userId: "nobody" }, ["userId"])).not.toBe("nobody");
  expect(identityDigest(undefined, [])).toBe(identityDigest(warden, []));
});

test("a field that the identity lacks is refused by name", () => {
  expect(() => identityDigest(warden, ["role"])).toThrow(
    /has no field "role". It has: userId, roles, hostel/,
  );
});
