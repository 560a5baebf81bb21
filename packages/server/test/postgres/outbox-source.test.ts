import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, test } from "vitest";
import { changeSourceSuite } from "../../src/conformance/suites.ts";
import { createPgliteDatabase } from "../../src/postgres/pglite-database.ts";
import { outboxUnderTest } from "./outbox-site.ts";

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create();
});
afterAll(() => pglite.close());

const ONE_SESSION =
  "a PGlite has one session, so each of several relays is let through; each change is still taken once, see outbox.test.ts";

describe("the outbox in a PGlite", () => {
  changeSourceSuite({
    test,
    open: () =>
      outboxUnderTest({
        database: createPgliteDatabase(pglite),
        run: async (sql, params = []) =>
          (await pglite.query(sql, [...params])).rows as Record<string, unknown>[],
        close: async () => undefined,
      }),
    skip: {
      "of several that open it one hands over, and another goes on when that one is closed": ONE_SESSION,
    },
  });
});
