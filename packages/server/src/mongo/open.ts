import type { Live } from "../assembly/create-live.ts";
import type { OpenSource } from "../change/sources.ts";
import { readMongoOptions } from "./options.ts";
import type { MongoChangesOptions } from "./options.ts";
import { createMongoSource } from "./source.ts";

export type { MongoChangesOptions } from "./options.ts";
export type { CollectionTags, DocumentChange, DocumentTags } from "./collection-tags.ts";

/**
 * Follows the change stream of a MongoDB database, and moves the tags that its changes make untrue, whoever made them: this
 * application, another one, or a shell. It works in the background until it is closed, or `live` is.
 *
 * The log remembers the resume token with each change, in one step: a restart goes on where the last process stopped, and hands
 * nothing over twice. Where that cannot be done (the first start ever, a log that has lost its data, history that MongoDB keeps no
 * longer) everything cached is forgotten, and it goes on from now. While MongoDB is away it is tried again; while the ground is away
 * it holds back. Several processes may open the same: one works, the others stand by.
 *
 * MongoDB must be a replica set or a sharded cluster: others have no change streams.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for an option that is unknown or has a wrong value; `LIVE_CLOSED` after closing
 */
export function openMongoChanges(live: Pick<Live, "door">, options: MongoChangesOptions): OpenSource {
  const resolved = readMongoOptions(options);
  const { durable, clock } = live.door;
  return durable.open(createMongoSource(resolved, clock), { poison: resolved.poison });
}
