import { kinds, singleOf } from "./fault-kind.ts";

/** How wrong a clock is set. */
const WRONG_MS = 5 * 60_000;

/** What befalls one node's process. */
export const NODE_FAULTS = kinds({
  "node-kill": {
    ...{ forMs: [300, 2_000], reach: "node" },
    async strike({ site, place }) {
      await site.killNode(place);
      return () => site.restartNode(place);
    },
  },
  "node-stop": {
    ...{ forMs: [500, 3_500], reach: "node" },
    async strike({ place }) {
      place.isStruck = true;
      process.kill(place.process.pid, "SIGSTOP");
      return () => {
        process.kill(place.process.pid, "SIGCONT");
        place.isStruck = false;
      };
    },
  },
  "node-block": {
    ...{ forMs: [3_000, 3_000], reach: "node" },
    async strike({ place, forMs }) {
      place.isStruck = true;
      const blocked = place.process.call("block", forMs);
      return async () => {
        await blocked;
        place.isStruck = false;
      };
    },
  },
  "node-clock": {
    ...{ forMs: [1_000, 3_000], reach: "node" },
    async strike({ place, random }) {
      await place.process.call("setClock", random.pick([-WRONG_MS, WRONG_MS]));
      return async () => void (await place.process.call("setClock", 0));
    },
  },
  /** A node that starts while Redis is away. */
  "node-and-redis": {
    ...{ on: ["single"], forMs: [500, 1_500], reach: "node", loses: "once" },
    async strike({ site, place }) {
      const single = singleOf({ site });
      await Promise.all([site.killNode(place), single.redis.kill()]);
      return async () => {
        await Promise.all([site.restartNode(place), single.restart("nothing")]);
      };
    },
  },
});
