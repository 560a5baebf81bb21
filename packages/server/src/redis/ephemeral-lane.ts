import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import type { Feeds } from "./feeds.ts";
import type { Keyspace } from "./keyspace.ts";
import type { Send } from "./wire.ts";

/** The ephemeral lane of one realm: sharded pub/sub, one subscription of this process for each topic. */
export function createRedisLane(parts: {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly feeds: Feeds;
}): EphemeralLane {
  const { keyspace, send, feeds } = parts;
  return {
    async send(topic, message) {
      await send(["SPUBLISH", keyspace.topic(topic), message]);
    },
    async listen(topic, onMessage) {
      // A function of its own, so that one callback may listen twice.
      const stop = await feeds.listen(keyspace.topic(topic), (message) => onMessage(message));
      return {
        async close() {
          stop();
        },
      };
    },
  };
}
