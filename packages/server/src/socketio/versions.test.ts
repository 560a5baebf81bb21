import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION_FLOOR, installedVersion, isOlder, refuseOldVersions } from "./versions.ts";

test.each([
  ["4.8.3", "4.8.4", true],
  ["4.8.4", "4.8.4", false],
  ["4.8.5", "4.8.4", false],
  ["4.7.9", "4.8.4", true],
  ["4.10.0", "4.8.4", false],
  ["3.99.99", "4.8.4", true],
  ["5.0.0", "4.8.4", false],
  ["4.8.4-rc.1", "4.8.4", false],
  ["next", "4.8.4", false],
])("%s is older than %s: %s", (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});

test("what is installed passes", () => {
  expect(() => refuseOldVersions()).not.toThrow();
  for (const name of Object.keys(VERSION_FLOOR)) expect(installedVersion(name)).toMatch(/^\d+\.\d+\.\d+/);
  expect(installedVersion("no-such-package")).toBeUndefined();
});

test.each(Object.keys(VERSION_FLOOR))("an old %s is refused, with how to update it", (name) => {
  const floor = VERSION_FLOOR[name]!;
  const below = floor.replace(
    /^(\d+)\.(\d+)\..*$/,
    (_all, major: string, minor: string) => `${major}.${Number(minor) - 1}.99`,
  );
  const versionOf = (asked: string): string | undefined => (asked === name ? below : VERSION_FLOOR[asked]);
  expect(() => refuseOldVersions(versionOf)).toThrow(
    expect.objectContaining({
      code: "LIVE_OPTIONS_INVALID",
      message: expect.stringMatching(
        `expected ${name} ${floor} or newer, received ${below}.*npm update`,
      ) as unknown,
    }),
  );
  expect(() => refuseOldVersions((asked) => VERSION_FLOOR[asked])).not.toThrow();
  expect(() => refuseOldVersions(() => undefined)).not.toThrow();
});

/** Packages with known holes, and the first version without them. */
const SAFE_SINCE: Readonly<Record<string, string>> = {
  ...VERSION_FLOOR,
  "express-session": "1.18.2",
  "on-headers": "1.1.0",
  cookie: "0.7.0",
  msgpackr: "1.10.1",
  jws: "3.2.3",
  jsonwebtoken: "9.0.0",
  redis: "3.1.1",
};

/** Old on purpose: the clients that we promise to understand. They never reach an application. */
const OLD_CLIENTS = ["socket.io-client3"];

interface Locked {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

test("nothing in the lockfile has a known hole, apart from old clients that only tests use", () => {
  const text = readFileSync(new URL("../../../../package-lock.json", import.meta.url), "utf8");
  const { packages } = JSON.parse(text) as Locked;
  const seen = new Set<string>();
  const unsafe: string[] = [];
  for (const [at, { version = "", dev }] of Object.entries(packages)) {
    const name = at.split("node_modules/").at(-1)!;
    const floor = SAFE_SINCE[name];
    if (floor === undefined) continue;
    seen.add(name);
    const isOldClient = dev === true && OLD_CLIENTS.some((client) => at.includes(`/${client}/`));
    if (!isOldClient && isOlder(version, floor)) unsafe.push(`${at} ${version}`);
  }
  expect(unsafe).toEqual([]);
  expect([...seen]).toEqual(expect.arrayContaining(Object.keys(VERSION_FLOOR)));
});
