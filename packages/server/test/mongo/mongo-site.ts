import { randomUUID } from "node:crypto";
import { startMongoWire } from "@livecache/rig";
import type { MongoWire } from "@livecache/rig";
import { MongoClient } from "mongodb";
import type { Db } from "mongodb";
import { systemClock } from "../../src/base/clock.ts";
import type { SourceUnderTest } from "../../src/conformance/source-acts.ts";
import { readMongoOptions } from "../../src/mongo/options.ts";
import type { MongoChangesOptions } from "../../src/mongo/options.ts";
import { createMongoSource } from "../../src/mongo/source.ts";

/** A server, and a database of it that nobody else uses. */
export interface MongoSite {
  readonly db: Db;
  readonly client: MongoClient;
  close(): Promise<void>;
}

/** Settings with which tests need not wait long. */
export const QUICK = { takeOverAfter: "60ms", deadline: "300ms" } as const;

/** Starts the small server of the rig, with a client. */
export async function startWireSite(): Promise<MongoSite & { readonly wire: MongoWire }> {
  const wire = await startMongoWire();
  const site = connect(wire.url);
  const close = async (): Promise<void> => {
    await site.close();
    await wire.close();
  };
  return { ...site, wire, close };
}

/** Connects to a real MongoDB. */
export function connect(url: string): MongoSite {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000 });
  const db = client.db(`livecache-${randomUUID()}`);
  return { client, db, close: () => client.close(true) };
}

/** Its documents name the tags that they move; one without is poison. */
export function sourceUnderTest(
  { db }: MongoSite,
  options: Partial<MongoChangesOptions> = {},
): SourceUnderTest {
  const records = db.collection<{ tag: unknown }>("records");
  const collections = { records: (document?: { tag?: unknown }) => [document?.tag as string] };
  return {
    create: () => createMongoSource(readMongoOptions({ db, collections, ...QUICK, ...options }), systemClock),
    commit: async (tag) => void (await records.insertOne({ tag })),
    commitPoison: async () => void (await records.insertOne({ tag: 5 })),
    close: async () => undefined,
  };
}
