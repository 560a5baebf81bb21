import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "./run-command.ts";
import { openSite } from "./site.ts";

const REASON = ["--reason", "tried out"];

test.each([
  [["stauts"], /Did you mean status\?/],
  [["status", "--jsn"], /unknown option '--jsn'[\s\S]*Did you mean --json/],
  [["status", "extra"], /too many arguments/],
  [["why"], /missing required argument 'key'/],
  [["keys", "--limit", "0"], /--limit: expected a whole number from 1 to 1000/],
  [["keys", "--limit", "many"], /--limit: expected a whole number/],
  [["change"], /say what has changed, with --tag/],
  [["change", "--tag", "a"], /--reason: say why/],
  [["change", "--tag", "a", "--reason", "no"], /--reason: say why/],
  [["change", "--tag", "", ...REASON], /LIVE_INPUT_INVALID/],
  [["revoke", "cookie", "x", ...REASON], /expected token, user or session, received "cookie"/],
  [["revoke", "token", "t", ...REASON], /--expires: expected when/],
  [["revoke", "token", "t", "--expires", "soon", ...REASON], /--expires: expected when.*received "soon"/],
  [["revoke", "session", "x", ...REASON], /--of: say whose/],
  [["revoke", "user", "mei", ...REASON], /no terminal to ask at: add --yes/],
  [["revoke", "token", "-", "--expires", "2099-01-01", "--yes", ...REASON], /the token is empty/],
  [["disconnect", "node", "x", ...REASON], /expected user or socket/],
  [["monitor", "--every", "5"], /--every: expected a duration/],
  [["monitor", "--kind", "nonsense"], /expected kinds of change/],
  [["monitor", "--count", "0"], /--count: expected a whole number/],
  [["status", "--timeout", "soon"], /--timeout: expected a duration/],
  [["status", "--header", "no-colon"], /--header: expected "name: value"/],
  [["status", "--url", "ftp://x"], /--url: expected an address such as/],
  [["status", "--url", "http://user:secret@host/ops"], /without a user/],
] as const)("%j is refused with exit code 2 and words that help", async (argv, words) => {
  const { cli } = await openSite();
  expect(await cli(argv)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(words) });
});

test("without an address it is said where to give one", async () => {
  expect(await runCommand(["status"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--url.*LIVECACHE_URL/),
  });
  expect(await runCommand(["doctor"])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--url, --redis-url or --scan/),
  });
});

test("with --json what went wrong is one document too", async () => {
  const { json, code } = await runCommand(["status", "--json"]);
  expect([code, json()]).toEqual([2, { error: { code: "usage", message: expect.stringMatching(/--url/) } }]);
});

test("who is refused, or reaches nobody, is told so with exit code 3", async () => {
  const { url, cli } = await openSite();
  const nobody = await cli(["status"], { env: { LIVECACHE_TOKEN: "wrong" } });
  expect(nobody).toMatchObject({ code: 3, err: expect.stringMatching(/LIVE_IDENTITY_REQUIRED.*--token/) });
  const looks = { env: { LIVECACHE_TOKEN: "looks-only" } };
  expect(await cli(["status"], looks)).toMatchObject({ code: 0 });
  expect(await cli(["change", "--tag", "a", ...REASON], looks)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/Otto may look on/),
  });
  const header = ["--header", "authorization: Bearer an-operators-token"];
  expect(await runCommand(["status", "--url", `${url}/ops/`, ...header])).toMatchObject({ code: 0 });
  expect(await cli(["status", "--url", `${url}/elsewhere`])).toMatchObject({
    code: 3,
    err: expect.stringMatching(/HTTP 404.*mounted/),
  });
  expect(await runCommand(["keys", "--url", `http://127.0.0.1:${await freePort()}/ops`])).toMatchObject({
    code: 3,
    err: expect.stringMatching(/cannot be reached: connect/),
  });
});

test("what is no operations interface is told apart", async () => {
  const server = createServer((req, res) => {
    if (req.url === "/moved/nodes") return res.writeHead(302, { location: "/login" }).end();
    if (req.url === "/slow/nodes") return undefined;
    if (req.url === "/broken/nodes") return res.writeHead(502).end("bad gateway");
    return res.end("<h1>a page</h1>");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (path: string, within = "10s") =>
    runCommand(["status", "--url", `${base}/${path}`, "--timeout", within]);
  expect(await ask("page")).toMatchObject({ code: 3, err: expect.stringMatching(/not with JSON/) });
  expect(await ask("moved")).toMatchObject({ code: 3, err: expect.stringMatching(/leads to \/login/) });
  expect(await ask("slow", "200ms")).toMatchObject({
    code: 3,
    err: expect.stringMatching(/no answer within 200 ms/),
  });
  expect(await ask("broken")).toMatchObject({ code: 3, err: expect.stringMatching(/HTTP 502/) });
});
