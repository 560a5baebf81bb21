import { describe } from "vitest";
import { messageCases } from "./message-cases.ts";
import { notificationCases } from "./notification-cases.ts";
import { openMemory } from "./people-site.ts";
import { typingCases } from "./typing-cases.ts";

describe("memory", () => {
  messageCases(openMemory);
  typingCases(openMemory);
  notificationCases(openMemory);
});
