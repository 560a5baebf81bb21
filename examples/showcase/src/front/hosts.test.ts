import { expect, test } from "vitest";
import { hostName, placeOf, seatOf } from "./hosts.ts";

test.each([
  "localhost:3000",
  "127.0.0.1:3000",
  "[::1]:3000",
  "192.168.1.7",
  "probe.localhost:3000",
  undefined,
])("%s is the page", (host) => {
  expect(placeOf(host)).toEqual({ kind: "page" });
});

test.each(["hostel.localhost:3000", "Hostel.LOCALHOST", "hostel.localhost.:80"])(
  "%s is an application",
  (host) => {
    expect(placeOf(host)).toEqual({ kind: "application", name: "hostel" });
  },
);

test("a name before that of the application is a seat", () => {
  expect(placeOf("asha.hostel.localhost:3000")).toEqual({ kind: "seat", name: "hostel", seat: "asha" });
});

test.each(["a.b.hostel.localhost", "hostel.localhost.example.com", "evil.com#.hostel.localhost"])(
  "%s is no seat",
  (host) => {
    expect(placeOf(host)).toEqual({ kind: "page" });
  },
);

test("a seat is a name that hosts may have", () => {
  expect([seatOf({ id: "asha" }), seatOf({ id: "User_42 b" })]).toEqual(["asha", "user-42-b"]);
});

test("a host name has no port", () => {
  expect([hostName("localhost:3000"), hostName("[::1]:80"), hostName(undefined)]).toEqual([
    "localhost",
    "[::1]",
    "localhost",
  ]);
});
