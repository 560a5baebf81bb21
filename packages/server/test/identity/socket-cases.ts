import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { FRAMEWORKS, startSchool, tokenFor } from "./identity-site.ts";
import type { School, Visitor } from "./identity-site.ts";

/** Within this a socket of a revoked token is gone, on every node. */
const WITHIN_MS = 5_000;

const IN_AN_HOUR = (): number => Date.now() + 3_600_000;

/** Waits until the sockets have ended, and answers what they were told. */
async function endsOf(visitors: readonly Visitor[]): Promise<string[]> {
  await until(() => visitors.every(({ socket }) => !socket.connected), {
    what: "all are gone",
    withinMs: WITHIN_MS,
  });
  return visitors.flatMap(({ ended }) => ended.map(({ code }) => code));
}

/** What happens to live sockets. */
export function socketCases(open: () => Promise<School>): void {
  test("a revoked token closes its sockets on both nodes, and no others", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school, "hono")];
    const token = await tokenFor("ana", { jti: "t-1" });
    const other = await tokenFor("ana", { jti: "t-2" });
    const gone = await Promise.all(nodes.map((node) => node.connect(token)));
    const kept = await Promise.all(nodes.map((node) => node.connect(other)));
    await nodes[0]!.live.tokens.revoke("t-1", IN_AN_HOUR());
    expect(await endsOf(gone)).toEqual(["LIVE_IDENTITY_ENDED", "LIVE_IDENTITY_ENDED"]);
    expect(gone[0]!.ended[0]!.message).toContain("revoked");
    expect(kept.every(({ socket }) => socket.connected)).toBe(true);
    await expect(nodes[1]!.connect(token)).resolves.toMatchObject({ ended: [] });
  });

  test("a user who signs out everywhere loses all sockets on both nodes, and signs in again at once", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school, "fastify")];
    const gone = await Promise.all(nodes.map(async (node) => node.connect(await tokenFor("ana"))));
    const ben = await nodes[1]!.connect(await tokenFor("ben"));
    const stranger = await nodes[1]!.connect();
    await nodes[0]!.live.tokens.revokeUser("ana");
    expect(await endsOf(gone)).toEqual(["LIVE_IDENTITY_ENDED", "LIVE_IDENTITY_ENDED"]);
    expect([ben.socket.connected, stranger.socket.connected]).toEqual([true, true]);
    const later = await tokenFor("ana", { iat: Math.floor(Date.now() / 1_000) + 2 });
    expect((await nodes[1]!.connect(later)).socket.connected).toBe(true);
  });

  test("all tokens of everybody: only those who are nobody stay", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school)];
    const gone = await Promise.all(
      nodes.flatMap((node) => ["ana", "ben"].map(async (user) => node.connect(await tokenFor(user)))),
    );
    const stranger = await nodes[1]!.connect();
    await nodes[0]!.live.tokens.revokeAll();
    expect(new Set(await endsOf(gone))).toEqual(new Set(["LIVE_IDENTITY_ENDED"]));
    expect(stranger.socket.connected).toBe(true);
  });

  test("many sockets that come while their token is revoked: none stays", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school)];
    const token = await tokenFor("ana", { jti: "racing" });
    const coming = Array.from({ length: 40 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index));
      return nodes[index % 2]!.connect(token);
    });
    await until(() => nodes.some(({ live }) => live.door.hub.figures().connections > 0), {
      what: "the first is in",
      withinMs: 5_000,
    });
    await nodes[0]!.live.tokens.revoke("racing", IN_AN_HOUR());
    const visitors = await Promise.all(coming);
    // Those who came later are nobody, as anybody who presents nothing.
    const asked = await until(
      async () => {
        const users = nodes.flatMap(({ live }) => live.door.hub.figures().connections);
        const left = visitors.filter(({ socket }) => socket.connected).length;
        return users.reduce((sum, one) => sum + one, 0) === left ? { left } : undefined;
      },
      { what: "the nodes agree with the clients", withinMs: WITHIN_MS },
    );
    const ended = visitors.filter(({ ended: words }) => words[0]?.code === "LIVE_IDENTITY_ENDED").length;
    expect([ended > 0, ended + asked.left]).toEqual([true, 40]);
  });
}

/** What ends the sockets of a session, and what a guard of sockets does. */
export function signedInCases(open: () => Promise<School>): void {
  test("an ended session closes its sockets on both nodes; signing out everywhere but here, all others", async () => {
    const school = await open();
    const nodes = [await startSchool(school), await startSchool(school)];
    const { sessions } = nodes[0]!.live;
    const life = { userId: "ana", idleMs: 600_000 };
    const ids = ["one", "two", "three"].map((name) => `${name}-${"0123456789abcdef".repeat(2)}`);
    for (const id of ids) expect(await sessions.create(id, life)).toMatchObject({ state: "created" });
    const [first, second, third] = await Promise.all(
      ids.map((id) => Promise.all(nodes.map((node) => node.connectWith(id)))),
    );
    expect(await sessions.end(ids[0]!)).toBe(true);
    expect(await endsOf(first!)).toEqual(["LIVE_IDENTITY_ENDED", "LIVE_IDENTITY_ENDED"]);
    expect(await nodes[1]!.live.sessions.endAll("ana", { except: ids[1]! })).toBe(1);
    expect(await endsOf(third!)).toEqual(["LIVE_IDENTITY_ENDED", "LIVE_IDENTITY_ENDED"]);
    expect(second!.every(({ socket }) => socket.connected)).toBe(true);
    await nodes[0]!.live.tokens.revokeUser("ana", Date.now() + 1_000);
    expect(await endsOf(second!)).toEqual(["LIVE_IDENTITY_ENDED", "LIVE_IDENTITY_ENDED"]);
  });

  test.each(FRAMEWORKS)("%s: a guard of sockets, at the handshake and later", async (framework) => {
    const school = await open();
    const nodes = [
      await startSchool(school, framework, { guard: { roles: ["principal", "teacher"] } }),
      await startSchool(school, framework, { guard: { allow: ({ role }) => role === "principal" } }),
    ];
    const refusal = async (token?: string): Promise<unknown> =>
      nodes[0]!.connect(token).then(
        () => "connected",
        (error: { data: { code: string } }) => error.data.code,
      );
    expect(await refusal()).toBe("LIVE_IDENTITY_REQUIRED");
    expect(await refusal(await tokenFor("pupil"))).toBe("LIVE_ACCESS_REFUSED");
    expect(await refusal(await tokenFor("ana", { exp: 1 }))).toBe("LIVE_IDENTITY_EXPIRED");
    expect(await refusal(await tokenFor("ana", { aud: "x" }))).toBe("LIVE_BEARER_REFUSED");
    const ana = await Promise.all(nodes.map(async (node) => node.connect(await tokenFor("ana"))));
    school.roles.set("ana", "teacher");
    await nodes[0]!.live.change({ identity: "ana" });
    expect(await endsOf([ana[1]!])).toEqual(["LIVE_ACCESS_REFUSED"]);
    expect(ana[0]!.socket.connected).toBe(true);
  });
}
