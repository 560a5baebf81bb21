import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { FRAMEWORKS, startSchool, tokenFor } from "./identity-site.ts";
import type { Node, School } from "./identity-site.ts";

/** What the guards of all frameworks do, alike. */
export function guardCases(open: () => Promise<School>): void {
  test.each(FRAMEWORKS)("%s: who is let in, and what the others are told", async (framework) => {
    const school = await open();
    const { ask } = await startSchool(school, framework);
    const [ana, ben] = [await tokenFor("ana"), await tokenFor("ben")];
    expect(await ask("/me", ana)).toMatchObject({ status: 200, body: { userId: "ana", role: "principal" } });
    const nobody = await ask("/me");
    expect(nobody).toMatchObject({ status: 401, body: { status: 401, code: "LIVE_IDENTITY_REQUIRED" } });
    expect(nobody.headers.get("content-type")).toBe("application/problem+json");
    expect(nobody.headers.get("www-authenticate")).toBe("Bearer");
    expect(nobody.headers.get("cache-control")).toBe("no-store");
    expect((await ask("/staff", ana)).status).toBe(200);
    const teacher = await ask("/staff", ben);
    expect(teacher).toMatchObject({ status: 403, body: { code: "LIVE_ACCESS_REFUSED" } });
    expect(teacher.headers.get("www-authenticate")).toBeNull();
    expect((await ask("/bare", ana)).body.code).toBe("LIVE_OPTIONS_INVALID");
  });

  test.each(FRAMEWORKS)("%s: a token that is not accepted gets 401 and the reason", async (framework) => {
    const { ask } = await startSchool(await open(), framework);
    const bad: readonly [string, string, RegExp][] = [
      [await tokenFor("ana", { exp: 1 }), "LIVE_IDENTITY_EXPIRED", /expired/],
      [await tokenFor("ana", { aud: "shop" }), "LIVE_BEARER_REFUSED", /aud/],
      [`${(await tokenFor("ana")).slice(0, -6)}AAAAAA`, "LIVE_BEARER_REFUSED", /signature/],
      ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.", "LIVE_BEARER_REFUSED", /algorithm/],
    ];
    for (const [token, code, why] of bad) {
      const refused = await ask("/me", token);
      expect(refused).toMatchObject({
        status: 401,
        body: { code, detail: expect.stringMatching(why) as string },
      });
      expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token", error_desc/);
      expect(refused.headers.get("www-authenticate")).toMatch(why);
    }
    const good = await tokenFor("ana");
    expect((await ask(`/me?access_token=${good}`)).body).toMatchObject({ code: "LIVE_BEARER_REFUSED" });
  });
}

/** What becomes of a token that is revoked, on two nodes. */
export function revokedCases(open: () => Promise<School>): void {
  test.each(FRAMEWORKS)(
    "%s: a revoked token is nobody's: guarded, cached, and in the lane",
    async (framework) => {
      const school = await open();
      const node = await startSchool(school, framework);
      const other = await startSchool(school, framework);
      const token = await tokenFor("ana", { jti: "jti-of-ana" });
      for (const path of ["/me", "/home", "/board"]) await settle(node, path, token);
      expect(node.lane.figures().answered).toBeGreaterThan(0);
      await other.live.tokens.revoke("jti-of-ana", new Date(Date.now() + 600_000));
      await until(() => node.live.tokens.check({ jti: "jti-of-ana" }) === "revoked", {
        what: "known",
        withinMs: 5_000,
      });
      for (const each of [node, other]) {
        for (const path of ["/me", "/home", "/board"]) {
          const refused = await each.ask(path, token);
          expect([path, refused.status, refused.headers.get("www-authenticate")]).toEqual([
            path,
            401,
            'Bearer error="invalid_token", error_description="Sign in first."',
          ]);
        }
      }
      expect((await node.ask("/me", await tokenFor("ana"))).status).toBe(200);
    },
  );
}

/** Asks until the lane answers. */
async function settle(node: Node, path: string, token: string): Promise<void> {
  for (let time = 0; time < 4; time++) expect((await node.ask(path, token)).status).toBe(200);
}
