import { expect, test } from "vitest";
import type { Identity } from "../base/identity.ts";
import { resolveCachedOptions } from "./cached-options.ts";
import type { CachedOptions } from "./cached-options.ts";
import { planRequest } from "./plan.ts";
import type { Plan, PlainRequest } from "./plan.ts";

const ana = { userId: "ana", role: "warden" };
const request: PlainRequest = {
  method: "GET",
  target: "/a?b=1",
  origin: "https://shop.example",
  headers: {},
};

interface Ask {
  readonly identity?: Identity | undefined;
  readonly request?: Partial<PlainRequest>;
}

async function plan(options: Partial<CachedOptions<unknown>>, ask: Ask = {}): Promise<Plan> {
  const route = resolveCachedOptions({ ttl: "5m", ...options });
  return planRequest(route, { ...request, ...ask.request }, () => Promise.resolve(ask.identity));
}

async function keyOf(options: Partial<CachedOptions<unknown>>, ask: Ask = {}): Promise<string> {
  const made = await plan(options, ask);
  return made.type === "lookup" ? made.key : made.cause;
}

test.each([
  ["method", { method: "POST" }],
  ["method", { method: "OPTIONS" }],
  ["target", { target: "*" }],
  ["target", { target: "/%" }],
  ["body", { headers: { "content-length": "3" } }],
  ["body", { headers: { "transfer-encoding": "chunked" } }],
  ["range", { headers: { range: "bytes=0-1" } }],
  ["range", { headers: { "if-match": '"a"' } }],
  ["range", { headers: { "if-unmodified-since": "x" } }],
] as const)("bypass %s for %j, also on a public route", async (cause, asked) => {
  expect(await plan({}, { request: asked })).toEqual({ type: "bypass", cause });
  expect(await plan({ public: true }, { request: asked })).toEqual({ type: "bypass", cause });
});

test("a GET that says its body is empty has none", async () => {
  expect((await plan({}, { request: { headers: { "content-length": "0" } } })).type).toBe("lookup");
});

test("G8 credentials need a route that says how it varies, or that it is public", async () => {
  for (const headers of [{ cookie: "s=1" }, { authorization: "Bearer x" }]) {
    expect(await plan({}, { request: { headers } })).toEqual({ type: "bypass", cause: "credentials" });
    const language = { vary: ["header:accept-language"] };
    expect(await plan(language, { request: { headers } })).toEqual({ type: "bypass", cause: "credentials" });
    expect((await plan({ vary: ["role"] }, { request: { headers }, identity: ana })).type).toBe("lookup");
    expect((await plan({ public: true }, { request: { headers }, identity: ana })).type).toBe("lookup");
  }
});

test("G8 an identity found without cookie or authorization counts too", async () => {
  expect(await plan({}, { identity: ana })).toEqual({ type: "bypass", cause: "identity" });
  expect((await plan({}, { identity: undefined })).type).toBe("lookup");
});

test("G8 identities that differ in a named field have different entries, and nobody has one of its own", async () => {
  const vary = ["userId", "role"];
  const keys = [ana, { ...ana, userId: "ben" }, { ...ana, role: "student" }, undefined].map((identity) =>
    keyOf({ vary }, { identity }),
  );
  expect(new Set(await Promise.all(keys)).size).toBe(4);
  expect(await keyOf({ vary: ["role"] }, { identity: ana })).toBe(
    await keyOf({ vary: ["role"] }, { identity: { ...ana, userId: "ben" } }),
  );
});

test("a field that the identity does not have is an error, not a shared entry", async () => {
  await expect(plan({ vary: ["rôle"] }, { identity: ana })).rejects.toThrow(/no field "rôle"/);
});

test("a named header is part of the key, and absent differs from empty", async () => {
  const vary = ["header:accept-language"];
  const headers = [{}, { "accept-language": "" }, { "accept-language": "de" }, { "accept-language": "fr" }];
  const keys = await Promise.all(headers.map((given) => keyOf({ vary }, { request: { headers: given } })));
  expect(new Set(keys).size).toBe(4);
});

test("a header that is not named is not part of the key", async () => {
  expect(await keyOf({}, { request: { headers: { "x-theme": "dark" } } })).toBe(await keyOf({}));
});

test("scheme, host and port are part of the key", async () => {
  const origins = ["https://a.example", "http://a.example", "https://b.example", "https://a.example:8443"];
  const keys = await Promise.all(origins.map((origin) => keyOf({}, { request: { origin } })));
  expect(new Set(keys).size).toBe(4);
  expect(await keyOf({}, { request: { origin: "https://A.example" } })).toBe(keys[0]);
});

test("a public route never asks who it is", () => {
  const route = resolveCachedOptions({ ttl: "5m", public: true });
  const made = planRequest(route, request, () => expect.unreachable());
  expect(made).toMatchObject({ type: "lookup", digest: "all" });
});

test("HEAD and GET share an entry", async () => {
  expect(await keyOf({}, { request: { method: "HEAD" } })).toBe(await keyOf({}));
});
