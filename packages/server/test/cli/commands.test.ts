import { until } from "@livecache/rig";
import { createMemoryGround } from "livecache";
import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";
import { openSite } from "./site.ts";

const REASON = ["--reason", "tried out"];

test("status shows every node, and says that all is well", async () => {
  const ground = createMemoryGround();
  const [a, b] = [await openSite({ ground }), await openSite({ ground })];
  await b.connect("mei");
  const shown = await a.cli(["status"]);
  expect(shown).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringMatching(/^● All is well: 2 of 2 nodes answered/),
  });
  for (const site of [a, b]) expect(shown.out).toContain(site.live.node);
  const { ok, nodes, missing, problems } = (await a.cli(["status", "--json"])).json();
  expect([ok, nodes.length, missing, problems]).toEqual([true, 2, [], []]);
});

test("keys lists what is stored, and why explains one of them", async () => {
  const { live, cli } = await openSite();
  await live.cache.set("hostel:7:name", "Aspen", { ttlSeconds: 60 });
  await live.cache.set("hostel:8:name", "Birch\u001b[2J", { ttlSeconds: 60 });
  expect(await cli(["keys", "hostel:*"])).toMatchObject({
    code: 0,
    out: "hostel:7:name\nhostel:8:name\n",
    err: "",
  });
  expect((await cli(["keys", "hostel:*", "--limit", "1"])).err).toMatch(
    /1 of more; --limit shows up to 1000/,
  );
  expect((await cli(["keys", "nothing:*"])).err).toMatch(/no stored key matches nothing:\*/);
  expect((await cli(["keys", "--json"])).json()).toMatchObject({
    pattern: "*",
    isWhole: true,
    keys: ["hostel:7:name", "hostel:8:name"],
  });
  const why = await cli(["why", "hostel:8:name"]);
  expect(why.out).toMatch(/A current value is stored/);
  expect(why.out).toMatch(/ground +fresh/);
  expect(why.out).not.toContain("\u001b");
  expect((await cli(["why", "hostel:8:name", "--json"])).json()).toMatchObject({
    key: "hostel:8:name",
    missing: [],
  });
});

test("a change is tried, made, listed and traced to its screens", async () => {
  const { live, cli, connect, url, audited } = await openSite();
  await connect("mei");
  const tried = await cli(["change", "--tag", "hostel:7", "--dry-run"]);
  expect(tried.out).toMatch(/1 screen would be told[\s\S]*Nothing was changed/);
  expect((await cli(["change", "--tag", "hostel:7", "--dry-run", "--json"])).json()).toMatchObject({
    dryRun: true,
    nodes: [{ node: live.node, watchers: 1 }],
  });
  expect(live.admin.recentChanges()).toEqual([]);
  const made = await cli(["change", "--tag", "hostel:7", ...REASON, "--json"]);
  const { changeId, scope } = made.json();
  expect([made.code, scope]).toEqual([0, "cluster"]);
  expect(audited).toMatchObject([{ operator: "Ada", action: "change", reason: "tried out" }]);
  await fetch(`${url}/issues`);
  const trace = await cli(["trace", changeId]);
  expect(trace.out).toMatch(
    /written \(cluster\)\n[\s\S]*told 1 screen of 1 live query\n[\s\S]*first fresh read of http:issues/,
  );
  expect((await cli(["trace", changeId, "--json"])).json()).toMatchObject({
    changeId,
    nodes: [{ tags: ["hostel:7", "hostel:7:*"] }],
  });
  expect((await cli(["trace"])).out).toContain(changeId);
  expect((await cli(["trace", "--json"])).json<any>().changes[0].changeId).toBe(changeId);
  expect(await cli(["trace", "nobody-knows"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/No node remembers/),
  });
});

test("somebody's sessions are shown; one of them, and all of them, are ended", async () => {
  const { live, cli, connect } = await openSite();
  await connect("mei");
  for (const id of ["s1", "s2", "s3"])
    await live.sessions.create(id, { userId: "mei", data: {}, idleMs: 60_000 });
  const shown = await cli(["sessions", "mei"]);
  expect(shown.out).toMatch(/^mei is online: 3 sessions, 1 socket\./);
  const { sessions } = (await cli(["sessions", "mei", "--json"])).json();
  const ended = await cli(["revoke", "session", sessions[0].id, "--of", "mei", ...REASON, "--yes", "--json"]);
  expect(ended.json()).toEqual({ kind: "session", ended: true });
  expect(await live.sessions.of("mei")).toHaveLength(2);
  const unknown = await cli(["revoke", "session", "nothing", "--of", "mei", ...REASON, "--yes"]);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringMatching(/mei has no session nothing/) });

  const refused = await cli(["revoke", "user", "mei", ...REASON], { isTTY: true, typed: "n\n" });
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringMatching(/out of 2 sessions.*\[y\/N] Nothing was done/s),
  });
  expect(await live.sessions.of("mei")).toHaveLength(2);
  const agreed = await cli(["revoke", "user", "mei", ...REASON], { isTTY: true, typed: "yes\n" });
  expect(agreed).toMatchObject({
    code: 0,
    out: expect.stringMatching(/mei is signed out: 2 sessions ended/),
  });
  expect(await live.sessions.of("mei")).toEqual([]);
});

test("a token is revoked, also one that is read from standard input", async () => {
  const { live, cli, audited } = await openSite();
  const expires = ["--expires", new Date(Date.now() + 60_000).toISOString()];
  expect(await cli(["revoke", "token", "leaked-token", ...expires, ...REASON, "--yes"])).toMatchObject({
    code: 0,
  });
  expect(
    await cli(["revoke", "token", "-", ...expires, ...REASON, "--yes"], { typed: "typed-token\n" }),
  ).toMatchObject({ code: 0 });
  for (const tokenId of ["leaked-token", "typed-token"]) {
    await until(() => live.tokens.check({ tokenId }) === "revoked", {
      what: `${tokenId} is known`,
      withinMs: 5_000,
    });
  }
  expect(JSON.stringify(audited)).not.toMatch(/leaked-token|typed-token/);
});

test("sockets are disconnected, of a person or one", async () => {
  const { cli, connect } = await openSite();
  const [first, second] = [await connect("mei"), await connect("tom")];
  expect((await cli(["disconnect", "user", "mei", ...REASON, "--yes"])).out).toMatch(/ended 1 socket/);
  const one = await cli(["disconnect", "socket", second.id!, ...REASON, "--yes", "--json"]);
  expect(one.json()).toEqual({ kind: "socket", disconnected: 1 });
  const dashed = await cli(["disconnect", "socket", "-x7", ...REASON, "--yes"]);
  expect(dashed).toMatchObject({ code: 1, err: "", out: expect.stringMatching(/no such socket/) });
  await until(() => !first.connected && !second.connected, { what: "both are gone", withinMs: 5_000 });
  expect(await cli(["disconnect", "user", "mei", ...REASON, "--yes"])).toMatchObject({
    code: 1,
    out: expect.stringMatching(/no such socket/),
  });
});

test("monitor shows what happens, from when it is asked on, and ends when it is told", async () => {
  const { live, cli, connect } = await openSite();
  const stop = new AbortController();
  let printed = "";
  const running = cli(["monitor", "--last", "0", "--every", "10ms", "--json"], {
    signal: stop.signal,
    onOut: (text) => (printed += text),
  });
  await until(
    async () => {
      await live.change({ tags: ["hostel:7"] });
      return printed.includes("hostel:7");
    },
    { what: "the change is told", withinMs: 5_000 },
  );
  await connect("mei");
  await until(() => printed.includes('"socket"'), { what: "the socket is told", withinMs: 5_000 });
  stop.abort();
  expect(await running).toMatchObject({ code: 0, err: "" });
  const lines = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({
    kind: "change",
    node: live.node,
    words: expect.stringContaining("hostel:7"),
    atMs: expect.any(Number),
  });
  const kinds = await cli(["monitor", "--kind", "socket", "--count", "1"]);
  expect(kinds.out).toMatch(/^[\d:.]+ {2}\S+ {2}socket +mei connected\n$/);
  const text = await cli(["monitor", "--text", "MEI", "--count", "1", "--json"]);
  expect(text.json()).toMatchObject({ kind: "socket" });
});

test("monitor goes on when the application comes back", async () => {
  const { cli, live } = await openSite();
  const stop = new AbortController();
  const seen: string[] = [];
  let failed = 0;
  let isFailing = false;
  const { fetch: real } = globalThis;
  globalThis.fetch = (...args) => {
    if (!isFailing) return real(...args);
    failed++;
    return Promise.reject(new TypeError("fetch failed", { cause: new Error("connection refused") }));
  };
  try {
    const running = cli(["monitor", "--every", "5ms"], {
      signal: stop.signal,
      onOut: (text) => seen.push(text),
    });
    await live.change({ tags: ["first"] });
    await until(() => seen.some((text) => text.includes("first")), { what: "it runs", withinMs: 5_000 });
    isFailing = true;
    await live.change({ tags: ["second"] });
    await until(() => failed >= 2, { what: "it asks in vain", withinMs: 5_000 });
    isFailing = false;
    await until(() => seen.some((text) => text.includes("second")), { what: "it goes on", withinMs: 5_000 });
    stop.abort();
    const inVain = /cannot be reached: connection refused\. Trying again\.\nhere again\n$/;
    expect(await running).toMatchObject({ code: 0, err: expect.stringMatching(inVain) });
  } finally {
    globalThis.fetch = real;
  }
});

test("colours are shown where they are wanted, and lines fit the terminal", async () => {
  const { cli } = await openSite();
  expect((await cli(["status"], { isTTY: true })).out).toContain("\u001b[32m");
  expect((await cli(["status"], { isTTY: true, env: { NO_COLOR: "1" } })).out).not.toContain("\u001b");
  expect((await cli(["status"], { env: { FORCE_COLOR: "1" } })).out).toContain("\u001b[32m");
  expect((await cli(["status", "--json"], { env: { FORCE_COLOR: "1" } })).out).not.toContain("\u001b");
  const narrow = await cli(["status"], { isTTY: true, columns: 96, env: { NO_COLOR: "1" } });
  expect(Math.max(...narrow.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(96);
  const none = await runCommand(["--help"], { isTTY: true, columns: 80, env: { NO_COLOR: "1" } });
  expect(
    Math.max(
      ...none.out
        .split("\n")

        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
});
