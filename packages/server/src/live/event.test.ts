import { defineContract } from "@livecache/wire";
import { expect, test } from "vitest";
import { z } from "zod";
import { createEventMaker } from "./event.ts";
import type { LiveEvent } from "./event.ts";

const contract = defineContract({
  channels: {
    "hostel/:hostelId": {
      events: {
        new_issue: z.object({ title: z.string().trim(), at: z.coerce.string().default("today") }),
        anything: z.any(),
        broken: z.any().refine(() => {
          throw new Error("schema bug");
        }),
      },
    },
    "hostel/all": { events: { closed: z.object({}) } },
    quiet: { events: {} },
  },
});
const events = createEventMaker(contract);
const HOSTEL = "hostel/:hostelId";

const invalid = (because: string) =>
  expect.objectContaining({
    code: "LIVE_EVENT_INVALID",
    message: expect.stringContaining(because) as unknown,
  });

const prepare = (name: string, data: unknown) =>
  events.prepare(events.event(HOSTEL, { hostelId: 7 }, name, data));

test("an event goes to the channel of its parameters, with what the schema yields as its body", async () => {
  expect(await prepare("new_issue", { title: " Tap drips ", secret: 1 })).toEqual({
    channel: "hostel/7",
    name: "new_issue",
    body: JSON.stringify({ title: "Tap drips", at: "today" }),
    kept: { maxEvents: 500, maxAgeMs: 600_000 },
  });
});

test("a body that its schema refuses is refused, and the message says channel, event and field", async () => {
  await expect(prepare("new_issue", { title: 5 })).rejects.toThrow(
    invalid('hostel/7, event "new_issue": title:'),
  );
});

test("a schema that throws refuses the event", async () => {
  await expect(prepare("broken", {})).rejects.toThrow(invalid("schema bug"));
});

test("an unknown channel or event is refused where it is made, and the message names the known ones", () => {
  expect(() => events.event("hostel/:id", { id: 7 }, "new_issue", {})).toThrow(invalid("hostel/:hostelId"));
  expect(() => events.event(HOSTEL, { hostelId: 7 }, "newIssue", {})).toThrow(invalid("new_issue"));
  expect(() => events.event("quiet", {}, "new_issue", {})).toThrow(invalid("It has: nothing"));
  expect(() => events.event("constructor", {}, "name", {})).toThrow(invalid("no such channel"));
  expect(() => events.event(HOSTEL, { hostelId: 7 }, "constructor", {})).toThrow(invalid("no event"));
});

test("parameters that give the name of another channel are refused: somebody else may be allowed there", () => {
  expect(() => events.event(HOSTEL, { hostelId: "all" }, "new_issue", {})).toThrow(invalid("hostel/all"));
});

test("a body that is not JSON is refused", async () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  for (const body of [undefined, () => 1, Symbol("x"), 10n, circular]) {
    await expect(prepare("anything", body)).rejects.toThrow(invalid("JSON"));
  }
});

test("a body may have 64 KiB of JSON, and no byte more", async () => {
  const longest = "é".repeat((64 * 1024 - 2) / 2);
  expect((await prepare("anything", longest)).body).toHaveLength(longest.length + 2);
  await expect(prepare("anything", `${longest}x`)).rejects.toThrow(invalid("65537 bytes"));
});

test("only what live.event returned can be emitted", async () => {
  for (const other of [undefined, null, {}, Promise.resolve()]) {
    await expect(events.prepare(other as unknown as LiveEvent)).rejects.toThrow(invalid("live.event"));
  }
});
