import { until } from "@livecache/rig";
import { describe, expect, onTestFinished, test } from "vitest";
import { defineLimit } from "../../src/limits/define-limit.ts";
import { hashedSubject } from "../../src/limits/hashed-subject.ts";
import { resetLimits, signInLimits } from "../../src/limits/presets.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { openLive } from "../doors/doors.ts";
import { APPS } from "./limited-apps.ts";
import type { LimitedRow, OpenApp } from "./limited-apps.ts";

const three = defineLimit({ name: "three", limit: 3, window: "1m" });
const wide = defineLimit({ name: "wide", limit: 20, window: "1h", algorithm: "gcra" });
const narrow = defineLimit({ name: "narrow", limit: 2, window: "1h" });

const ok = (): number => 200;

interface Site {
  readonly live: Live;
  readonly runs: () => number;
  ask(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

async function openSite(open: OpenApp, rows: readonly LimitedRow[]): Promise<Site> {
  const live = await openLive();
  let runs = 0;
  const counted = rows.map((row) => ({
    ...row,
    handle(header: (name: string) => string | undefined) {
      runs++;
      return row.handle(header);
    },
  }));
  const app = await open(live, counted);
  onTestFinished(async () => {
    await app.close();
    await live.close();
  });
  return {
    live,
    runs: () => runs,
    ask: (path, headers = {}, method = "GET") =>
      fetch(`http://127.0.0.1:${app.port}${path}`, { method, headers }),
  };
}

const as = (user: string): Record<string, string> => ({ authorization: `Bearer ${user}:admin` });
const from = (address: string): Record<string, string> => ({ "x-forwarded-for": address });

async function statuses(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let asked = 0; asked < times; asked++) found.push((await ask()).status);
  return found;
}

describe.each(APPS)("$name", ({ open }) => {
  answersCases(open);
  addressCases(open);
  signInCases(open);
  choiceCases(open);
});

function answersCases(open: OpenApp): void {
  test("answers 429 with a problem, a time and the fields, and does not run the handler", async () => {
    const { ask, runs } = await openSite(open, [{ path: "/api", limits: () => three, handle: ok }]);
    const first = await ask("/api");
    expect([first.status, await first.text()]).toEqual([200, "done"]);
    expect(first.headers.get("ratelimit-policy")).toBe('"three";q=3;w=60');
    expect(first.headers.get("ratelimit")).toMatch(/^"three";r=2;t=6[01]$/);
    expect(await statuses(2, () => ask("/api"))).toEqual([200, 200]);
    const refused = await ask("/api");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.headers.get("cache-control")).toBe("no-store");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(61);
    expect(refused.headers.get("ratelimit")).toBe(`"three";r=0;t=${seconds}`);
    expect(await refused.json()).toEqual({
      type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
      title: "Too Many Requests",
      status: 429,
      detail: `Too many requests. Try again in ${seconds} s.`,
      code: "LIVE_LIMIT_REACHED",
      retryable: true,
      "violated-policies": ["three"],
    });
    expect(runs()).toBe(3);
  });

  test("counts users apart, and nobody by the address", async () => {
    const { ask } = await openSite(open, [{ path: "/api", limits: () => three, handle: ok }]);
    expect(await statuses(4, () => ask("/api", as("ana")))).toEqual([200, 200, 200, 429]);
    expect(await statuses(4, () => ask("/api", as("ben")))).toEqual([200, 200, 200, 429]);
    expect(await statuses(4, () => ask("/api"))).toEqual([200, 200, 200, 429]);
  });
}

function addressCases(open: OpenApp): void {
  test("believes proxies only as far as it was told", async () => {
    const { ask } = await openSite(open, [
      { path: "/alone", limits: () => ({ policy: three, by: "address" }), handle: ok },
      {
        path: "/hop",
        limits: () => ({
          limits: { policy: defineLimit({ name: "hop", limit: 1, window: "1m" }), by: "address" },
          trustProxy: 1,
        }),
        handle: ok,
      },
      {
        path: "/net",
        limits: () => ({
          limits: { policy: defineLimit({ name: "net", limit: 1, window: "1m" }), by: "address" },
          trustProxy: ["127.0.0.0/8", "::1"],
        }),
        handle: ok,
      },
    ]);
    // Whatever a client claims, it stays one.
    for (const [index, status] of [200, 200, 200, 429].entries()) {
      expect((await ask("/alone", from(`203.0.113.${index}`))).status).toBe(status);
    }
    for (const path of ["/hop", "/net"]) {
      const asked = [
        "203.0.113.1",
        "203.0.113.2",
        "198.51.100.9, 203.0.113.2",
        "2001:db8:1:2::3",
        "2001:db8:1:2::4",
        "2001:db8:1:3::4",
        "no address",
        "none either",
      ];
      const found: number[] = [];
      for (const address of asked) found.push((await ask(path, from(address))).status);
      expect(found).toEqual([200, 200, 429, 200, 429, 200, 200, 429]);
    }
  });

  test("asks several limits, and one that refuses takes nothing from the others", async () => {
    const { ask, live } = await openSite(open, [
      {
        path: "/both",
        limits: () => [
          { policy: wide, by: "address", cost: 2 },
          { policy: narrow, by: ["route", "address"] },
        ],
        handle: ok,
      },
    ]);
    const first = await ask("/both");
    expect(first.headers.get("ratelimit-policy")).toBe('"wide";q=20;w=3600, "narrow";q=2;w=3600');
    expect(first.headers.get("ratelimit")).toMatch(/^"wide";r=18;t=\d+, "narrow";r=1;t=\d+$/);
    expect(await statuses(4, () => ask("/both"))).toEqual([200, 429, 429, 429]);
    const left = () => live.limits.peek({ policy: wide, subject: "address 127.0.0.1" });
    await until(async () => (await left()).remaining === 16, { what: "it was given back", withinMs: 5_000 });
    const { "violated-policies": violated } = (await (await ask("/both")).json()) as Record<string, unknown>;
    expect(violated).toEqual(["narrow"]);
  });
}

function signInCases(open: OpenApp): void {
  test("signing in: failures count, by account and by address; what succeeds does not", async () => {
    const { ask, live } = await openSite(open, [
      {
        method: "POST",
        path: "/sign-in",
        limits: (headerOf) =>
          signInLimits((request: never) => headerOf(request, "x-account"), { perAddress: 9, perAccount: 2 }),
        handle: (header) => (header("x-password") === "right" ? 200 : 401),
      },
    ]);
    const sign = (account: string, password: string) => () =>
      ask("/sign-in", { "x-account": account, "x-password": password }, "POST");
    expect(await statuses(6, sign("ana@example.org", "right"))).toEqual(Array(6).fill(200));
    expect(await statuses(3, sign("ana@example.org", "wrong"))).toEqual([401, 401, 429]);
    // Written otherwise it is the same account, and a right password does not help any more.
    expect((await sign(" Ana@Example.ORG ", "right")()).status).toBe(429);
    const blocked = await sign("ana@example.org", "right")();
    expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(800);
    // Refused attempts were not charged to the address: 7 are left of 9.
    const peek = () =>
      live.limits.peek({
        policy: defineLimit({ name: "sign-in.address", limit: 9, window: "15m", block: "15m" }),
        subject: "address 127.0.0.1",
      });
    await until(async () => (await peek()).remaining === 7, { what: "given back", withinMs: 5_000 });
    for (let other = 0; other < 7; other++) {
      expect((await sign(`other${other}@example.org`, "wrong")()).status).toBe(401);
    }
    expect((await sign("one@more.org", "right")()).status).toBe(429);
    // An operator lets both in again.
    const [address, account] = signInLimits(() => "", { perAddress: 9, perAccount: 2 }).limits;
    await live.limits.forget({ policy: address.policy, subject: "address 127.0.0.1" });
    expect((await sign("ana@example.org", "right")()).status).toBe(429);
    await live.limits.forget({ policy: account.policy, subject: hashedSubject("Ana@example.org") });
    expect((await sign("ana@example.org", "right")()).status).toBe(200);
  });
}

function choiceCases(open: OpenApp): void {
  test("a limit that a function takes out, and requests that are skipped, are not counted", async () => {
    const { ask } = await openSite(open, [
      {
        path: "/own",
        limits: (headerOf) => ({
          limits: { policy: three, by: (request: never) => headerOf(request, "x-key") },
          skip: (request: never) => headerOf(request, "x-health") === "1",
          headers: false,
        }),
        handle: ok,
      },
    ]);
    expect(await statuses(5, () => ask("/own"))).toEqual(Array(5).fill(200));
    expect(await statuses(5, () => ask("/own", { "x-key": "k", "x-health": "1" }))).toEqual(
      Array(5).fill(200),
    );
    expect(await statuses(4, () => ask("/own", { "x-key": "k" }))).toEqual([200, 200, 200, 429]);
    expect((await ask("/own", { "x-key": "l" })).headers.has("ratelimit")).toBe(false);
    const long = await ask("/own", { "x-key": "x".repeat(2_000) });
    expect([long.status, ((await long.json()) as { code: string }).code]).toEqual([
      400,
      "LIVE_INPUT_INVALID",
    ]);
  });

  test("a cached route is limited too, and its fields are those of the request", async () => {
    const { ask, runs } = await openSite(open, [
      { path: "/cached", limits: () => three, ttl: "1m", handle: ok },
    ]);
    const left: string[] = [];
    for (let asked = 0; asked < 3; asked++) {
      const answer = await ask("/cached");
      expect(await answer.text()).toBe("done");
      left.push(/r=(\d)/.exec(answer.headers.get("ratelimit") ?? "")?.[1] ?? "none");
    }
    expect([left, runs()]).toEqual([["2", "1", "0"], 1]);
    expect((await ask("/cached")).status).toBe(429);
  });
}

test("resets count whatever the answer is", () => {
  const { limits, count } = resetLimits(() => "ana");
  expect(count).toBe("all");
  const rows = limits.map(({ policy }) => [policy.name, policy.limit, policy.windowMs, policy.blockMs]);
  expect(rows).toEqual([
    ["reset.address", 10, 3_600_000, 3_600_000],
    ["reset.account", 3, 3_600_000, 3_600_000],
  ]);
  expect(limits.some(({ policy }) => policy.strict)).toBe(false);
});
