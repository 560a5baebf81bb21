import { afterAll, beforeAll, describe } from "vitest";
import { messageCases } from "./message-cases.ts";
import { notificationCases } from "./notification-cases.ts";
import { openSharedRedis } from "./people-site.ts";
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
});
