import type { EphemeralLane } from "../ports/ephemeral-lane.ts";
import type { RealmState } from "./state.ts";

/** The ephemeral lane of one realm, in this process: a message is told in the turn in which it is sent. */
export function createMemoryLane({ topics }: RealmState, guard: () => void): EphemeralLane {
  return {
    async send(topic, message) {
      guard();
      for (const listener of [...(topics.get(topic) ?? [])]) listener(message);
    },
    async listen(topic, onMessage) {
      guard();
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners);
      // A function of its own, so that one callback may listen twice.
      const listener = (message: string): void => onMessage(message);
      listeners.add(listener);
      return {
        async close() {
          listeners.delete(listener);
          if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
        },
      };
    },
  };
}
