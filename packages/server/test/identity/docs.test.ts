import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Server } from "socket.io";
import { io as connectTo } from "socket.io-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { guard, identityOf, liveErrors } from "../../src/express/express.ts";
import { createLive } from "../../src/index.ts";
import { createTokenReader } from "../../src/jwt/jwt.ts";
import { attach } from "../../src/socketio/attach.ts";
import { SECRET, tokenFor } from "./identity-site.ts";

const LIVE_SECRET = "0123456789012345678901234567890123456789";

/** However it is broken into lines. */
function dense(text: string): string {
  return text.replaceAll(/\s+/g, "").replaceAll(/,(?=[)}\]]|$)/g, "");
}

test("docs/how-to/tokens.md holds no other code than what is tested here", async () => {
  const own = dense(await readFile(new URL(import.meta.url), "utf8"));
  const text = await readFile(new URL("../../../../docs/how-to/tokens.md", import.meta.url), "utf8");
  const blocks = Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), (match) => match[1]!);
  const lines = blocks.flatMap((block) => block.split("\n")).filter((line) => /\w/.test(line));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => !line.startsWith("import") && !own.includes(dense(line)))).toEqual([]);
});

/** The page's application. */
async function openSchool() {
  const roles = new Map([
    ["ana", "principal"],
    ["ben", "teacher"],
  ]);
  const tokens = createTokenReader({ secret: SECRET, audience: "school" });

  const live = createLive({
    secret: LIVE_SECRET,
    identify: async (request) => {
      const token = await tokens.read(request);
      return token && { ...token.identity, role: roles.get(token.identity.userId) ?? "none" };
    },
  });
  const app = express();
  const http = createServer(app);
  const io = new Server(http);
  app.get("/me", guard(live), (req, res) => void res.json({ userId: identityOf(req).userId }));
  app.get("/staff", guard(live, { roles: ["principal"] }), (_req, res) => void res.json([]));
  app.post("/grades", guard(live, { sensitive: true, maxStale: "10s" }), (_req, res) => void res.json({}));
  app.post("/sign-out", guard(live), async (req, res) => {
    const { tokenId, expiresAt } = identityOf(req);
    await live.tokens.revoke(tokenId!, expiresAt!);
    res.status(204).end();
  });
  app.post("/sign-out-everywhere", guard(live), async (req, res) => {
    await live.tokens.revokeUser(identityOf(req).userId);
    res.status(204).end();
  });
  app.use(liveErrors());
  attach(live, io, { guard: {} });
  http.listen(0, "127.0.0.1");
  onTestFinished(async () => {
    await io.close();
    await live.close();
  });
  await vi.waitUntil(() => http.listening && live.tokens.status().freshMs < 10_000, 5_000);
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  async function changeRole(): Promise<void> {
    roles.set("ana", "teacher");
    await live.change({ identity: "ana" });
  }
  return {
    changeRole,
    async ask(path: string, token: string, method = "GET"): Promise<number> {
      const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } });
      return response.status;
    },
    async connect(token: string) {
      const socket = connectTo(url, { transports: ["websocket"], forceNew: true, auth: { token } });
      onTestFinished(() => void socket.disconnect());
      await vi.waitUntil(() => socket.connected, 5_000);
      return socket;
    },
  };
}

test("the school's page: routes by role, sign-out of one device and of all, a role that changes", async () => {
  const { ask, connect, changeRole } = await openSchool();
  const [phone, laptop] = [await tokenFor("ana", { jti: "phone" }), await tokenFor("ana")];
  expect([await ask("/me", phone), await ask("/staff", phone), await ask("/grades", phone, "POST")]).toEqual([
    200, 200, 200,
  ]);
  const sockets = [await connect(phone), await connect(laptop)];
  expect(await ask("/sign-out", phone, "POST")).toBe(204);
  await vi.waitUntil(() => !sockets[0]!.connected, 1_000);
  expect([await ask("/me", phone), await ask("/me", laptop), sockets[1]!.connected]).toEqual([
    401,
    200,
    true,
  ]);
  await changeRole();
  expect(await ask("/staff", laptop)).toBe(403);
  expect(await ask("/sign-out-everywhere", laptop, "POST")).toBe(204);
  await vi.waitUntil(() => !sockets[1]!.connected, 1_000);
  expect([await ask("/me", laptop), await ask("/me", await tokenFor("ben"))]).toEqual([401, 200]);
});
