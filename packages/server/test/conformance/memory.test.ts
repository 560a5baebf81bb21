import { describe, test } from "vitest";
import { cacheStoreSuite, changeLogSuite } from "../../src/conformance/suites.ts";
import { MEMORY } from "./matrix.ts";

describe.each(MEMORY)("$name", ({ open, skip }) => {
  cacheStoreSuite({ test, open, skip: skip.cacheStore });
  changeLogSuite({ test, open, skip: skip.changeLog });
});
