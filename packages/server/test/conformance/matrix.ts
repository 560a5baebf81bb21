import { createMemoryGround } from "../../src/memory/ground.ts";
import type { ConformanceGround } from "../../src/conformance/suites.ts";
import { openRedisUnderTest } from "./redis-ground.ts";

/** One kind of ground that must keep the contracts. */
export interface MatrixRow {
  readonly name: string;
  readonly open: () => Promise<ConformanceGround>;
  /** Tests that this ground cannot run, each with the reason. */
  readonly skip: Readonly<Record<"cacheStore" | "changeLog", Readonly<Record<string, string>>>>;
}

/** More tags than a test uses, and few enough to be pushed out by a test. */
const MAX_TAGS = 300;

async function openMemory(): Promise<ConformanceGround> {
  const ground = createMemoryGround({ maxTags: MAX_TAGS });
  return {
    realm: ground.realm,
    close: ground.close,
    async forgetTag(realm) {
      const tags = Array.from({ length: MAX_TAGS }, (_, index) => `pushes others out ${index}`);
      await ground
        .realm(realm)
        .changeLog.append({ changeId: "many", origin: "test", tags, mode: "purge", events: [] });
    },
  };
}

/** The grounds that need nothing installed. */
export const MEMORY: readonly MatrixRow[] = [
  {
    name: "memory",
    open: openMemory,
    skip: {
      cacheStore: {
        "the local judge is asked first, with the log's end, and its word is taken":
          "memory judges for nothing, so it never asks",
        "bytes that cannot be read back are absent, and removed": "memory keeps values, not bytes",
      },
      changeLog: {},
    },
  },
];

/** The grounds in a real Redis. A cluster is one more row, with an `open` that starts one. */
export const REDIS: readonly MatrixRow[] = [
  { name: "standalone", open: openRedisUnderTest, skip: { cacheStore: {}, changeLog: {} } },
];
