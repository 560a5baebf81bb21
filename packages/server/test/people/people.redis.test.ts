import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { uploadProgress } from "../../src/http/upload-progress.ts";
import { messageCases } from "./message-cases.ts";
import { notificationCases } from "./notification-cases.ts";
import { openSharedRedis, startNode } from "./people-site.ts";
import { typingCases } from "./typing-cases.ts";

let shared: Awaited<ReturnType<typeof openSharedRedis>>;

beforeAll(async () => {
  shared = await openSharedRedis();
});
afterAll(() => shared.close());

describe("Redis", () => {
  const openAll = () => shared.openAll();
  messageCases(openAll);
  typingCases(openAll);
  notificationCases(openAll);

  test("the progress of an upload to one node is seen by members on the other", async () => {
    const open = await openAll();
    const [node, other] = [await startNode(open), await startNode(open)];
    const member = await other.connect("ben");
    await member.join("room/7");
    const count = uploadProgress(node.live, { channel: () => ({ pattern: "room/:id", params: { id: 7 } }) });
    const http = createServer((req, res) => {
      count(req, res);
      req.on("end", () => res.end()).resume();
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void http.close());
    await vi.waitUntil(() => http.listening, 5_000);
    const { port } = http.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: Buffer.alloc(300_000) });
    await expect
      .poll(() => member.bodies("upload").at(-1))
      .toMatchObject({ loaded: 300_000, total: 300_000, percent: 100, done: true });
  });
});
