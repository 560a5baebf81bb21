import { describe, test } from "vitest";
import { sessionStoreSuite } from "../../src/conformance/suites.ts";
import { MEMORY } from "./matrix.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  sessionStoreSuite({ test, open });
});
