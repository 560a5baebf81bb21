import { describe, test } from "vitest";
import { changeSourceSuite } from "../../src/conformance/change-source-suite.ts";
import { connect, sourceUnderTest, startWireSite } from "./mongo-site.ts";

describe("the contract of sources, kept by MongoDB's change streams over the small server of the rig", () => {
  changeSourceSuite({
    test,
    async open() {
      const site = await startWireSite();
      return {
        ...sourceUnderTest(site),
        async cut() {
          await site.wire.stop();
          return () => site.wire.start();
        },
        loseHistory: async () => site.wire.loseHistory(),
        close: site.close,
      };
    },
  });
});

const url = process.env["MONGODB_URL"];

describe.skipIf(url === undefined)("the contract of sources, kept over the MongoDB of MONGODB_URL", () => {
  changeSourceSuite({
    test,
    async open() {
      const site = connect(url!);
      const records = site.db.collection<{ tag: string }>("records");
      await site.db.createCollection("records");
      return {
        ...sourceUnderTest(site, { deadline: "5s" }),
        async begin(tag) {
          const session = site.client.startSession();
          session.startTransaction();
          await records.insertOne({ tag }, { session });
          const end = async (how: Promise<unknown>): Promise<void> => {
            await how;
            await session.endSession();
          };
          return {
            commit: () => end(session.commitTransaction()),
            rollback: () => end(session.abortTransaction()),
          };
        },
        async close() {
          await site.db.dropDatabase();
          await site.close();
        },
      };
    },
  });
});
