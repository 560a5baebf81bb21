import { expect, test } from "vitest";
import { createPatternFinder } from "./contract-pattern.ts";

const find = createPatternFinder({
  channels: {
    ":kind/:id": { events: {} },
    "hostel/:hostelId": { events: {} },
    "hostel/all": { events: {} },
    "hostel/:hostelId/room/:roomId": { events: {} },
  },
});

test("a name is read against the pattern that it fits", () => {
  expect(find("hostel/7/room/b%2F2")).toEqual({
    pattern: "hostel/:hostelId/room/:roomId",
    params: { hostelId: "7", roomId: "b/2" },
  });
});

test("where several patterns fit, the leftmost fixed word decides", () => {
  expect(find("hostel/all")?.pattern).toBe("hostel/all");
  expect(find("hostel/7")?.pattern).toBe("hostel/:hostelId");
  expect(find("school/7")?.pattern).toBe(":kind/:id");
});

test.each(["", "hostel", "hostel/", "hostel/7/room", "hostel/%zz", "hostel/%61ll", "x".repeat(300)])(
  "%j is the name of no channel",
  (name) => {
    expect(find(name)).toBeUndefined();
  },
);
