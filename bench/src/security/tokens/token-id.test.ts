import { expect, test } from "vitest";
import { tokenIdOf, tokenOf } from "./token-id.ts";

test("ids are UUIDs, the same each time and another for each number", () => {
  const ids = new Set(Array.from({ length: 20_000 }, (_, index) => tokenIdOf(index * 211)));
  expect(ids.size).toBe(20_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(tokenIdOf(211)).toBe([...ids][1]);
  expect([tokenOf(7).length, tokenOf(7).includes(tokenIdOf(7))]).toEqual([300, true]);
});
