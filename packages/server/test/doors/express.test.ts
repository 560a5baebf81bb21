import { describe, test } from "vitest";
import { doorSuite } from "../../src/conformance/suites.ts";
import { openExpress4, openExpress5 } from "./express-doors.ts";

describe.concurrent.each([
  { name: "Express 5", open: openExpress5 },
  { name: "Express 4", open: openExpress4 },
])("$name", ({ open }) => {
  doorSuite({ test, open });
});
