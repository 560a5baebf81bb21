import { expect, test, vi } from "vitest";
import { LiveError } from "@livecache/wire";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { Identity } from "../base/identity.ts";
import { createTasks } from "../base/tasks.ts";
import { identityTag } from "../base/identity-tag.ts";
import { sessionTag } from "../base/session-tag.ts";
import { tokenName, userName } from "../base/token-digest.ts";
import { createStandings } from "./standings.ts";
import type { Standings } from "./standings.ts";

/** Standings over an `identify` in the test's hands, with one socket of user `u`. */
async function startStandings(
  found: Partial<Identity> = {},
  meanwhile?: (standings: Standings, sessions: Set<unknown>) => void,
) {
  const clock = createManualClock();
  const answers = {
    fails: false,
    identity: { userId: "u", ...found } as Identity | undefined,
    asked: 0,
    revoked: new Set<unknown>(),
    sessions: new Set<unknown>(["s-1"]),
    refuses: undefined as LiveError | undefined,
  };
  const standings = createStandings({
    async identify() {
      answers.asked++;
      if (answers.refuses) throw answers.refuses;
      if (answers.fails) throw new Error("database away");
      return answers.identity;
    },
    isRevoked: ({ tokenId, userId }) => answers.revoked.has(tokenId) || answers.revoked.has(userId),
    hasSession: async (id) => answers.sessions.has(id),
    clock,
    signal: new AbortController().signal,
    tasks: createTasks((error) => expect.unreachable(String(error))),
    warn: () => undefined,
  });
  const ended: string[] = [];
  const nothing = (): void => undefined;
  const place = { id: "s", address: undefined, userAgent: undefined };
  const socket = {
    ...place,
    emit: nothing,
    enter: nothing,
    exit: nothing,
    end: (code: string) => ended.push(code),
  };
  const admission = await standings.admit({ headers: {}, url: "/", native: 0 });
  meanwhile?.(standings, answers.sessions);
  const guest = standings.stand(socket, admission);
  let reconsidered = 0;
  guest.begin({ reconsider: async () => void reconsidered++ });
  /** Lets time pass until `done`. */
  const pass = (done: () => boolean): Promise<boolean> =>
    vi.waitUntil(() => {
      clock.advance(5_000);
      return done();
    });
  return { standings, guest, answers, ended, pass, reconsidered: () => reconsidered };
}

test("after the node lost sight of the log, an identify that fails is asked for half a minute before a socket is ended", async () => {
  const { standings, answers, ended, pass, reconsidered } = await startStandings();
  answers.fails = true;
  standings.reset();
  await pass(() => answers.asked === 1 + 5);
  expect(ended).toEqual([]);
  answers.fails = false;
  await pass(() => reconsidered() === 1);
  expect(ended).toEqual([]);
  answers.fails = true;
  answers.asked = 0;
  standings.reset();
  await pass(() => ended.length === 1);
  expect([ended, answers.asked]).toEqual([["LIVE_IDENTITY_FAILED"], 10]);
});

test("a change of the identity cuts that patience short", async () => {
  const { standings, answers, ended, pass } = await startStandings();
  answers.fails = true;
  standings.reset();
  await pass(() => answers.asked === 1 + 2);
  standings.apply({ tags: ["identity:u", "identity:u:*"] });
  await pass(() => ended.length === 1);
  expect(answers.asked).toBeLessThanOrEqual(1 + 4);
});

test("everybody is asked again when all identities have moved, and nobody for other users or other tags", async () => {
  const { standings, answers, pass, reconsidered } = await startStandings();
  standings.apply({ tags: ["identity:other", "identity:other:*", "issues", "identity:u:x:*"] });
  standings.apply({ tags: ["identity:*"] });
  await pass(() => reconsidered() === 1);
  expect(answers.asked).toBe(2);
});

test("a socket that is gone is not asked about, and not ended", async () => {
  const { standings, guest, answers, ended } = await startStandings();
  guest.close();
  standings.apply({ tags: ["identity:u"] });
  expect([answers.asked, ended]).toEqual([1, []]);
});

test("a token that is revoked ends its sockets at once, and no others, without asking", async () => {
  const { standings, answers, ended } = await startStandings({ tokenId: "t-1" });
  answers.revoked.add("t-2");
  standings.revoked([{ kind: "token", id: tokenName("t-2"), atMs: 1 }]);
  expect(ended).toEqual([]);
  answers.revoked.add("t-1");
  standings.revoked([{ kind: "token", id: tokenName("t-1"), atMs: 1 }]);
  expect([ended, answers.asked]).toEqual([["LIVE_IDENTITY_ENDED"], 1]);
});

test("a token that is revoked between the handshake and the connection ends the socket", async () => {
  const revoked = await startStandings({ tokenId: "t-1" });
  revoked.answers.revoked.add("t-1");
  const late = revoked.standings.stand(
    { ...revoked.guest.peer, end: (code: string) => revoked.ended.push(`late ${code}`) },
    { request: { headers: {}, url: "/", native: 0 }, identity: { userId: "u", tokenId: "t-1" }, asOf: 0 },
  );
  late.begin({ reconsider: async () => undefined });
  expect(revoked.ended).toEqual(["late LIVE_IDENTITY_ENDED"]);
});

test("a user whose tokens were found to be revoked while the node was away loses the sockets soon", async () => {
  const { standings, answers, ended, pass } = await startStandings({ issuedAt: 5 });
  standings.revoked([{ kind: "user", id: userName("other"), atMs: 9 }]);
  await pass(() => true);
  expect(ended).toEqual([]);
  answers.revoked.add("u");
  standings.revoked([{ kind: "user", id: userName("u"), atMs: 9 }]);
  await pass(() => ended.length === 1);
  expect([ended, answers.asked]).toEqual([["LIVE_IDENTITY_ENDED"], 1]);
});

test("a refreshed socket belongs to its new token, and to the old one no more", async () => {
  const { standings, guest, answers, ended } = await startStandings({ tokenId: "old", sessionId: "s-1" });
  answers.identity = { userId: "u", tokenId: "new" };
  await guest.frames["refresh"]!({ auth: {} }, () => undefined);
  answers.revoked.add("old");
  standings.revoked([{ kind: "token", id: tokenName("old"), atMs: 1 }]);
  expect(ended).toEqual([]);
  answers.revoked.add("new");
  standings.revoked([{ kind: "token", id: tokenName("new"), atMs: 1 }]);
  expect(ended).toEqual(["LIVE_IDENTITY_ENDED"]);
});

test("a session that has ended ends its sockets, also where identify goes on answering from the handshake", async () => {
  const { standings, answers, ended, pass } = await startStandings({ sessionId: "s-1" });
  standings.apply({ tags: [sessionTag("s-2")] });
  standings.apply({ tags: [identityTag("u")] });
  await pass(() => answers.asked === 2);
  expect(ended).toEqual([]);
  answers.sessions.clear();
  standings.apply({ tags: [sessionTag("s-1")] });
  await pass(() => ended.length === 1);
  expect(ended).toEqual(["LIVE_IDENTITY_ENDED"]);
});

test("a session that ends while its socket is being admitted is asked about again", async () => {
  const { answers, ended, pass } = await startStandings({ sessionId: "s-1" }, (standings, sessions) => {
    sessions.clear();
    standings.apply({ tags: [sessionTag("s-1")] });
  });
  await pass(() => ended.length === 1);
  expect([ended, answers.asked]).toEqual([["LIVE_IDENTITY_ENDED"], 2]);
});

test("a token that is refused when it is asked for again ends the socket with the reason, and is asked for once", async () => {
  const { standings, answers, ended, pass } = await startStandings({ tokenId: "t-1" });
  answers.refuses = new LiveError("LIVE_BEARER_REFUSED", "This token is not accepted: its key is gone.");
  standings.reset();
  await pass(() => ended.length === 1);
  expect([ended, answers.asked]).toEqual([["LIVE_BEARER_REFUSED"], 2]);
});

test("a socket that is gone is not ended when its token is revoked", async () => {
  const { standings, guest, answers, ended } = await startStandings({ tokenId: "t-1" });
  guest.close();
  answers.revoked.add("t-1");
  standings.revoked([{ kind: "token", id: tokenName("t-1"), atMs: 1 }]);
  expect(ended).toEqual([]);
});
