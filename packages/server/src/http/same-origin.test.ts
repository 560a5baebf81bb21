import { describe, expect, test } from "vitest";
import { judgeOrigin } from "./same-origin.ts";

const HOST = "app.example.com";

function isRefused(headers: Readonly<Record<string, string | readonly string[]>>, method = "POST"): boolean {
  const refused = judgeOrigin({ origins: ["https://partner.example.net"] })(method, {
    host: HOST,
    ...headers,
  });
  return refused?.code === "LIVE_ORIGIN_REFUSED";
}

describe("writes of the server's own pages and of programs pass", () => {
  test.each([
    ["the page itself", { "sec-fetch-site": "same-origin", origin: `https://${HOST}` }],
    [
      "a proxy rewrote Host",
      { "sec-fetch-site": "same-origin", origin: `https://${HOST}`, host: "10.0.0.7:3000" },
    ],
    ["the address line", { "sec-fetch-site": "none" }],
    ["an old browser", { origin: `https://${HOST}` }],
    ["an old browser, default port spelled out", { origin: `https://${HOST}`, host: `${HOST}:443` }],
    ["a program", {}],
    ["a program with a cookie", { cookie: "session=abc" }],
    ["a listed origin", { "sec-fetch-site": "cross-site", origin: "https://partner.example.net" }],
    ["a listed origin, old browser", { origin: "https://partner.example.net" }],
  ])("%s", (_name, headers) => expect(isRefused(headers)).toBe(false));
});

describe("writes that another site made the browser send are refused", () => {
  test.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["another site that lies about Origin", { "sec-fetch-site": "cross-site", origin: `https://${HOST}` }],
    ["a subdomain", { "sec-fetch-site": "same-site", origin: "https://blog.example.com" }],
    ["an unknown word", { "sec-fetch-site": "perhaps" }],
    ["the word twice", { "sec-fetch-site": ["same-origin", "same-origin"] }],
    ["the word twice in one line", { "sec-fetch-site": "same-origin, cross-site" }],
    ["an old browser on another site", { origin: "https://evil.test" }],
    ["an old browser in a sandbox", { origin: "null" }],
    ["an empty Origin", { origin: "" }],
    ["the host as a prefix", { origin: `https://${HOST}.evil.test` }],
    ["the host as a user name", { origin: `https://${HOST}@evil.test` }],
    ["another port", { origin: `https://${HOST}:8443` }],
    ["two origins", { origin: `https://${HOST}, https://evil.test` }],
    ["a listed origin over http", { origin: "http://partner.example.net" }],
    ["no host", { origin: `https://${HOST}`, host: "" }],
  ])("%s", (_name, headers) => expect(isRefused(headers)).toBe(true));

  test.each(["POST", "PUT", "PATCH", "DELETE", "post", "PURGE"])("%s is a write", (method) => {
    expect(isRefused({ "sec-fetch-site": "cross-site" }, method)).toBe(true);
  });

  test.each(["GET", "HEAD", "OPTIONS", "TRACE"])("%s is none", (method) => {
    expect(isRefused({ "sec-fetch-site": "cross-site" }, method)).toBe(false);
  });
});

test("origins that could never match are refused", () => {
  const judge = (origins: unknown) => () => judgeOrigin({ origins } as never);
  expect(judge("https://app.example.com")).toThrow(/a list of origins/);
  expect(judge(["https://app.example.com/"])).toThrow(/without a path/);
  expect(judge(["app.example.com"])).toThrow(/scheme, host and port/);
  expect(() => judgeOrigin({ origin: ["https://x.test"] } as never)).toThrow(/Did you mean "origins"/);
});
