import { expect, test } from "vitest";
import type { Resolved } from "../cache/request.ts";
import { answeredStatus, bypassedStatus, passedStatus } from "./cache-status.ts";
import { resolveCachedOptions } from "./cached-options.ts";

const byUrl = resolveCachedOptions({ ttl: "5m" });
const byRole = resolveCachedOptions({ ttl: "5m", vary: ["role"] });

function resolved(given: Partial<Resolved<unknown>>): Resolved<unknown> {
  const base = { value: 0, position: undefined, tags: [], ageMs: 0, stored: true, ttlLeftMs: 299_900 };
  return { ...base, source: "load", reason: "absent", ...given };
}

test.each([
  [{ source: "near", reason: "hit-near" }, "hit; ttl=299; detail=hit-near"],
  [{ source: "far", reason: "hit-far" }, "hit; ttl=299; detail=hit-far"],
  [
    { source: "near", reason: "ground-away", stored: false, ttlLeftMs: 400 },
    "hit; ttl=0; detail=ground-away",
  ],
  [{ source: "load", reason: "absent" }, "fwd=uri-miss; stored; ttl=299; detail=absent"],
  [{ source: "load", reason: "changed" }, "fwd=stale; stored; ttl=299; detail=changed"],
  [{ source: "near", reason: "stale", ttlLeftMs: 0 }, "hit; detail=stale"],
  [{ source: "far", reason: "timeout", ttlLeftMs: 0 }, "hit; detail=timeout"],
  [{ source: "far", reason: "grace", ttlLeftMs: 0 }, "hit; detail=grace"],
  [{ source: "load", reason: "expired" }, "fwd=stale; stored; ttl=299; detail=expired"],
  [{ source: "load", reason: "refreshed" }, "fwd=stale; stored; ttl=299; detail=refreshed"],
  [{ source: "load", reason: "evicted" }, "fwd=miss; stored; ttl=299; detail=evicted"],
  [{ source: "load", reason: "schema" }, "fwd=miss; stored; ttl=299; detail=schema"],
  [{ source: "load", reason: "damaged" }, "fwd=miss; stored; ttl=299; detail=damaged"],
  [{ source: "load", reason: "epoch" }, "fwd=stale; stored; ttl=299; detail=epoch"],
  [{ source: "load", reason: "fenced" }, "fwd=request; stored; ttl=299; detail=fenced"],
  [{ source: "load", reason: "joined" }, "fwd=uri-miss; stored; collapsed; ttl=299; detail=joined"],
  [{ source: "far", reason: "joined" }, "fwd=uri-miss; stored; collapsed; ttl=299; detail=joined"],
  [{ reason: "absent", stored: false, ttlLeftMs: 0 }, "fwd=uri-miss; detail=absent"],
  [{ reason: "ground-away", stored: false, ttlLeftMs: 0 }, "fwd=uri-miss; detail=ground-away"],
] as const)("%j is told as %s", (given, text) => {
  expect(answeredStatus(resolved(given), { route: byUrl, cause: undefined })).toBe(`Livecache; ${text}`);
});

test("a route that varies cannot say whether the URL or the variant was missing", () => {
  expect(answeredStatus(resolved({}), { route: byRole, cause: undefined })).toMatch(/; fwd=miss; /);
});

test("what was not stored, left early or went past says why", () => {
  const unstored = resolved({ reason: "not-storable", stored: false, ttlLeftMs: 0 });
  expect(answeredStatus(unstored, { route: byUrl, cause: "set-cookie" })).toBe(
    "Livecache; fwd=uri-miss; detail=not-storable:set-cookie",
  );
  expect(passedStatus(byRole, "streamed")).toBe("Livecache; fwd=miss; detail=not-storable:streamed");
  expect(bypassedStatus("credentials")).toBe("Livecache; fwd=bypass; detail=bypass:credentials");
  expect(bypassedStatus("reload")).toBe("Livecache; fwd=bypass; detail=bypass:reload");
  expect(bypassedStatus("method")).toBe("Livecache; fwd=method; detail=bypass:method");
});
