import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { reasonOf } from "../measure/contest.ts";
import type { Failure } from "../measure/figure.ts";
import type { OpenSetting } from "../node/cell.ts";
import { startContestant } from "../node/contestant.ts";
import type { Contestant } from "../node/contestant.ts";

/** A contestant that is wanted: in the tables it is called `label`, or else by its name. */
export interface Wanted extends Pick<OpenSetting, "name"> {
  readonly label?: string;
  readonly tier?: OpenSetting["tier"];
}

/** What all contestants of a question have in common. */
export interface EntrantsSetting extends Omit<OpenSetting, "name" | "redisUrl"> {
  readonly inCase: string;
  /** Processes of each contestant. Default 1. */
  readonly processes?: number;
  /** Longest that one act may take. */
  readonly withinMs?: number;
}

/** A contestant that runs: its processes, and a Redis that nobody else uses. */
export interface Entered {
  readonly name: string;
  readonly redis: RedisProcess;
  /** What its processes were opened with. */
  readonly setting: OpenSetting;
  readonly nodes: readonly [Contestant, ...Contestant[]];
}

/** The contestants of a question, and those that could not be started. */
export interface Entrants {
  readonly entered: readonly Entered[];
  readonly failures: readonly Failure[];
  close(): Promise<void>;
}

/** Starts contestants, each with its own Redis and in its own processes. One that fails is reported, and the others go on. */
export async function openEntrants(
  wanted: readonly Wanted[],
  { inCase, processes = 1, withinMs, ...common }: EntrantsSetting,
): Promise<Entrants> {
  const failures: Failure[] = [];
  const entered: Entered[] = [];

  async function enter({ name, label = name, tier = common.tier }: Wanted): Promise<Entered | undefined> {
    const redis = await startRedis();
    try {
      const setting = { ...common, tier, name, redisUrl: redis.url };
      const bound = withinMs === undefined ? {} : { withinMs };
      const first = await startContestant(setting, { label, ...bound });
      const others = Array.from({ length: processes - 1 }, () =>
        startContestant(setting, { label, ...bound }),
      );
      return { name: label, redis, setting, nodes: [first, ...(await Promise.all(others))] };
    } catch (error) {
      failures.push({ case: inCase, contestant: label, why: reasonOf(error) });
      await redis.close();
      return undefined;
    }
  }

  for (const one of await Promise.all(wanted.map(enter))) if (one) entered.push(one);
  return {
    entered,
    failures,
    async close() {
      await Promise.all(
        entered.map(async ({ nodes, redis }) => {
          await Promise.all(nodes.map((node) => node.close()));
          await redis.close();
        }),
      );
    },
  };
}

/** Does the same for every contestant, one after the other; those that fail are reported and left out of what follows. */
export async function prepared(
  entered: readonly Entered[],
  inCase: string,
  work: (one: Entered) => Promise<unknown>,
): Promise<{ readonly ready: readonly Entered[]; readonly failures: readonly Failure[] }> {
  const ready: Entered[] = [];
  const failures: Failure[] = [];
  for (const one of entered) {
    try {
      await work(one);
      ready.push(one);
    } catch (error) {
      failures.push({ case: inCase, contestant: one.name, why: reasonOf(error) });
    }
  }
  return { ready, failures };
}
