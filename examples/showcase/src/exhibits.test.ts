import { expect, test } from "vitest";
import { readExhibits } from "./exhibits.ts";

const namesOf = (env: NodeJS.ProcessEnv): string[] => readExhibits(env).map(({ name }) => name);

test("all are shown, unless some are named", () => {
  const all = ["hostel", "parts", "roads", "trainer", "school"];
  expect([namesOf({}), namesOf({ APPLICATIONS: "" })]).toEqual([all, all]);
  expect(namesOf({ APPLICATIONS: " school , hostel" })).toEqual(["hostel", "school"]);
});

test("a name that there is not is refused, with those that there are", () => {
  expect(() => namesOf({ APPLICATIONS: "hostel,shop" })).toThrow(/expected some of hostel, .*school.*"shop"/);
});
