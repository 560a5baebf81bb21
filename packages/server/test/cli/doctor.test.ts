import { createMemoryGround } from "livecache";
import { expect, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import type { Ran } from "./run-command.ts";
import { openSite } from "./site.ts";

/** What was found that is not well, as `level code`. */
function bad(ran: Ran): string[] {
  const { findings } = ran.json<{ findings: Finding[] }>();
  return findings
    .filter(({ level }) => level !== "ok" && level !== "skipped")
    .map(({ level, code }) => `${level} ${code}`);
}

const passes = (ran: Ran): string[] =>
  ran.json<{ findings: Finding[] }>().findings.flatMap(({ level, code }) => (level === "ok" ? [code] : []));

test("a sound application is well, and its settings are shown without a secret", async () => {
  const site = await openSite();
  const ran = await site.cli(["doctor", "--json"]);
  expect([ran.code, bad(ran)]).toEqual([0, []]);
  expect(passes(ran)).toEqual(
    expect.arrayContaining(["console-guard", "socket-upgrade", "socket-origin", "proxy-forged", "cors"]),
  );
  const shown = await site.cli(["doctor"]);
  expect(shown.out).toMatch(/✓ Nothing is wrong/);
  expect(shown.out).toMatch(/near\.maxBytes +67108864/);
  expect(shown.out + ran.out).not.toContain("vK8zq0Hn3sT1yXw7");
});

test("an open console, a believed forgery, polling, every origin and bare cookies are found", async () => {
  const site = await openSite({
    isOpen: true,
    transports: ["websocket", "polling"],
    before(app) {
      app.set("trust proxy", true);
      app.use((req, res, next) => {
        if (req.headers.origin)
          res.set({
            "access-control-allow-origin": req.headers.origin,
            "access-control-allow-credentials": "true",
          });
        res.cookie("sessionId", "x");
        next();
      });
    },
  });
  const ran = await site.cli(["doctor", "--page", "/issues", "--json"]);
  expect(ran.code).toBe(1);
  expect(bad(ran)).toEqual([
    "problem proxy-forged",
    "problem cors",
    "warning console-guard",
    "warning cookies",
    "note socket-polling",
  ]);
  const shown = await site.cli(["doctor", "--page", "/issues"]);
  expect(shown.out).toMatch(
    /✗ proxy-forged\n {4}the server believed[\s\S]*why[\s\S]*fix {2}set `app\.set\("trust proxy", n\)/,
  );
  expect(shown.out).toMatch(/2 problems, 2 warnings, 1 note/);
});

test("a page of another origin is tried out for sockets and answers", async () => {
  const origin = "https://app.example.com";
  const closed = await openSite();
  expect(bad(await closed.cli(["doctor", "--origin", origin, "--json"]))).toEqual([
    "problem socket-origin",
    "problem cors",
  ]);
  const listed = await openSite({
    origins: [origin],
    before: (app) =>
      app.use((_req, res, next) => void (res.set("access-control-allow-origin", origin), next())),
  });
  expect(bad(await listed.cli(["doctor", "--origin", origin, "--json"]))).toEqual(["warning cors"]);
});

test("a proxy that is not believed is found", async () => {
  const site = await openSite();
  const behind = ["--header", "x-forwarded-for: 203.0.113.9"];
  const ran = await site.cli(["doctor", ...behind, "--json"]);
  expect(bad(ran)).toEqual(["warning proxy-distrusted"]);
  expect(ran.code).toBe(0);
  expect((await site.cli(["doctor", ...behind, "--strict"])).code).toBe(1);
});

test("nodes that do not know of each other, and differ, are found when each is named", async () => {
  const contract = { channels: { "hostel/:id": { events: {} }, news: { events: {} } } };
  const authorize = { "hostel/:id": () => true, news: () => true };
  const one = await openSite();
  const other = await openSite({
    live: { contract, authorize, secret: "keyboard cat keyboard cat keyboard cat" },
  });
  const ran = await one.cli(["doctor", "--url", `${one.url}/ops`, "--url", `${other.url}/ops`, "--json"]);
  expect(bad(ran)).toEqual(["problem nodes-apart", "problem secret-weak", "warning contract-differs"]);
  const { findings } = ran.json<{ findings: Finding[] }>();
  expect(findings.find(({ code }) => code === "contract-differs")?.what).toContain("news");
});

test("a node that is away is a problem, and none at all ends it", async () => {
  const site = await openSite({ ground: createMemoryGround() });
  const gone = "http://127.0.0.1:9/ops";
  const ran = await site.cli(["doctor", "--url", `${site.url}/ops`, "--url", gone, "--json"]);
  expect([ran.code, bad(ran)]).toEqual([1, ["problem app-reach"]]);
  expect(await site.cli(["doctor", "--url", gone])).toMatchObject({
    code: 3,
    err: expect.stringMatching(/cannot be reached/),
  });
});

test("weak secrets of the environment are found, and never shown", async () => {
  const site = await openSite();
  const env = { LIVE_SECRET: "changeme-changeme-changeme-changeme", SESSION_SECRET: "tooshort" };
  const ran = await site.cli(["doctor", "--json"], { env });
  expect(bad(ran)).toEqual(["problem secret-weak", "problem secret-weak"]);
  expect(ran.out).not.toMatch(/changeme-changeme|tooshort/);
});

test.each([
  [["--origin", "app.example.com"], /--origin: expected scheme, host and port/],
  [["--origin", "https://app.example.com/x"], /--origin: expected/],
  [["--page", "issues"], /--page: expected a path/],
  [["--socket-path", "//evil.test"], /--socket-path: expected a path/],
  [["--scan", "no-such-folder"], /--scan no-such-folder: ENOENT/],
  [["--redis-url", "http://x"], /expected an address such as redis/],
  [["--redis-url", "redis://localhost", "--prefix", "a b"], /--prefix: expected/],
] as const)("doctor %j is refused", async (argv, words) => {
  const { cli } = await openSite();
  expect(await cli(["doctor", ...argv])).toMatchObject({ code: 2, err: expect.stringMatching(words) });
});
