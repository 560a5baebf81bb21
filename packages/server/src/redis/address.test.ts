import { expect, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { readAddress } from "./address.ts";
import { placeOf, readPlace, reachedAt } from "./endpoint.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const NOBODY = { username: undefined, password: undefined, database: 0, tls: undefined };

function refusal(address: unknown): string {
  try {
    readAddress(address);
  } catch (error) {
    const { code, message } = error as LiveError;
    return `${code}: ${message}`;
  }
  return "accepted";
}

test.each([
  ["redis://h", { host: "h", port: 6379, access: NOBODY }],
  ["redis://[::1]:1/3", { host: "::1", port: 1, access: { ...NOBODY, database: 3 } }],
  ["rediss://h:1/", { host: "h", port: 1, access: { ...NOBODY, tls: {} } }],
  ["redis://:a%23b%2Fc@h", { host: "h", port: 6379, access: { ...NOBODY, password: "a#b/c" } }],
  ["redis://u:p@h", { host: "h", port: 6379, access: { ...NOBODY, username: "u", password: "p" } }],
  [{}, { host: "localhost", port: 6379, access: NOBODY }],
  [
    { host: "h", tls: true },
    { host: "h", port: 6379, access: { ...NOBODY, tls: {} } },
  ],
  [
    { port: 1, username: "u", password: "p", database: 2, tls: { ca: PEM, servername: "s" } },
    {
      ...{ host: "localhost", port: 1 },
      access: { username: "u", password: "p", database: 2, tls: { ca: PEM, servername: "s" } },
    },
  ],
])("%j is one server", (address, server) => {
  expect(readAddress(address)).toEqual({ kind: "standalone", server });
});

test("Sentinels are asked with their own password, and the primary with its own", () => {
  const address = {
    ...{
      sentinels: [{ host: "a" }, { host: "b", port: 5 }],
      name: "n",
      password: "p",
      database: 4,
      tls: true,
    },
    ...{ sentinelUsername: "su", sentinelPassword: "sp" },
    natMap: { "10.0.0.1:6379": { host: "out", port: 7 } },
  };
  const ofSentinels = { username: "su", password: "sp", database: 0, tls: {} };
  expect(readAddress(address)).toEqual({
    kind: "sentinel",
    name: "n",
    sentinels: [
      { host: "a", port: 26379, access: ofSentinels },
      { host: "b", port: 5, access: ofSentinels },
    ],
    access: { username: undefined, password: "p", database: 4, tls: {} },
    natMap: new Map([["10.0.0.1:6379", { host: "out", port: 7 }]]),
  });
  expect(readAddress({ sentinels: [{}] })).toMatchObject({ name: "mymaster" });
});

test("all nodes of a cluster are asked alike", () => {
  const access = { username: "u", password: "p", database: 0, tls: undefined };
  expect(readAddress({ cluster: [{ host: "a", port: 1 }], username: "u", password: "p" })).toEqual({
    ...{ kind: "cluster", seeds: [{ host: "a", port: 1, access }], access, natMap: new Map() },
  });
});

const CLUSTER = [{ host: "a" }];

test.each([
  [{ hots: "h" }, 'unknown option "hots". Did you mean "host"?'],
  [{ host: "h:6379" }, "host: expected a host name or an IP address, without port"],
  [{ host: "" }, "host: expected"],
  [{ host: 5 }, "host: expected"],
  [{ port: 0 }, "port: expected a whole number from 1 to 65535, received 0"],
  [{ port: 65_536 }, "port: expected"],
  [{ port: "6379" }, "port: expected"],
  [{ database: -1 }, "database: expected"],
  [{ database: 100_000 }, "database: expected"],
  [{ username: "u" }, "password: expected a text beside `username`"],
  [{ password: "" }, "password: expected a text that is not empty"],
  [{ password: 5 }, "password: expected"],
  [{ tls: "yes" }, "tls: expected true or { ca, cert, key, servername }"],
  [{ tls: { caa: PEM } }, 'tls: unknown option "caa"'],
  [{ tls: { ca: "/etc/ssl/ca.pem" } }, "tls.ca: expected PEM text or bytes"],
  [{ tls: { ca: [] } }, "tls.ca: expected"],
  [{ tls: { cert: PEM } }, "`cert` and `key` together"],
  [{ tls: { servername: "" } }, "tls.servername: expected"],
  [{ sentinels: [], name: "n" }, "sentinels: expected a list of 1 to 32"],
  [{ sentinels: Array.from({ length: 33 }, () => ({})) }, "sentinels: expected a list of 1 to 32"],
  [{ sentinels: [{ host: "a", password: "p" }] }, 'sentinels[0]: unknown option "password"'],
  [{ sentinels: [{}], name: "" }, "name: expected"],
  [{ sentinels: [{}], sentinelPassword: 5 }, "sentinelPassword: expected"],
  [{ sentinels: [{}], cluster: CLUSTER }, 'both "sentinels" and "cluster"'],
  [{ cluster: {} }, "cluster: expected a list of 1 to 32"],
  [{ cluster: ["redis://:secret@h"] }, "cluster[0]: expected { host, port }"],
  [{ cluster: CLUSTER, database: 1 }, "a cluster has only the database 0; use `prefix`"],
  [{ cluster: CLUSTER, natMap: [] }, "natMap: expected"],
  [{ cluster: CLUSTER, natMap: { here: {} } }, 'natMap["here"]: expected a name such as "10.0.0.1:6379"'],
  [{ cluster: CLUSTER, natMap: { "a:1": { host: "b:2" } } }, 'natMap["a:1"]: host: expected'],
  [[], "received a list"],
  ["redis://u%zz:p@h", "a percent sign that encodes nothing"],
  ["redis://:a#b@h", "percent-encoded"],
  ["redis://h?db=3", "percent-encoded"],
])("%j is refused, saying what is expected", (address, text) => {
  expect(refusal(address)).toContain("LIVE_OPTIONS_INVALID: openRedis");
  expect(refusal(address)).toContain(text);
});

test("as many Sentinels as are allowed are accepted", () => {
  expect(refusal({ sentinels: Array.from({ length: 32 }, () => ({})) })).toBe("accepted");
  expect(refusal({ port: 65_535, database: 99_999 })).toBe("accepted");
});

test.each([
  { host: "redis://:secret@h" },
  { username: "u", password: ["secret"] },
  { cluster: ["redis://:secret@h"] },
  { sentinels: [{ host: "secret@h" }] },
  { host: ":secret@h" },
])("a password at the wrong place is not shown", (address) => {
  expect(refusal(address)).toContain("LIVE_OPTIONS_INVALID");
  expect(refusal(address)).not.toContain("secret");
});

test("a place is read as it is written, and reached where the map says", () => {
  const places = [
    { host: "h", port: 1 },
    { host: "::1", port: 65_535 },
  ];
  expect(places.map((place) => readPlace(placeOf(place)))).toEqual(places);
  const natMap = new Map([["[::1]:65535", { host: "out", port: 2 }]]);
  expect(places.map((place) => reachedAt(natMap, place))).toEqual([places[0], { host: "out", port: 2 }]);
});
