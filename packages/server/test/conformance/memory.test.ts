import { describe, test } from "vitest";
import { cacheStoreSuite, changeLogSuite, laneSuite } from "../../src/conformance/suites.ts";
import { MEMORY } from "./matrix.ts";

describe.each(MEMORY)("$name", ({ open, skip }) => {
  cacheStoreSuite({ test, open, skip: skip.cacheStore });
  changeLogSuite({ test, open, skip: skip.changeLog });
  laneSuite({ test, open });
});
