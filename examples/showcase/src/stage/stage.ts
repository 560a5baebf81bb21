import type { NodeAct, RedisAct, StageAnswer } from "../answers.ts";
import { Unfit, checkFits } from "./controls.ts";
import type { Controls } from "./controls.ts";
import { createGroundWatch } from "./ground-watch.ts";
import type { GroundWatch } from "./ground-watch.ts";
import { createHappenings } from "./happenings.ts";
import type { Happenings } from "./happenings.ts";
import { createPulse } from "./pulse.ts";
import type { Pulse, Visited } from "./pulse.ts";

/** What runs where, what was done to it, and what came of that. */
export interface Stage {
  readonly happenings: Happenings;
  readonly grounds: GroundWatch;
  answer(): StageAnswer;
  /** Lets visitors sign in whose pulse is taken while Redis is away, and puts the controls in place. */
  open(controls: Controls, visited: readonly Visited[]): Promise<void>;
  /** @throws Unfit when it does not fit what is */
  actOnRedis(act: RedisAct): Promise<void>;
  /** @throws Unfit when there is no such node, or it is not in that state */
  actOnNode(name: string, act: NodeAct): Promise<void>;
  close(): void;
}

const RIGHT_BEFORE: Controls = { redis: { kind: "none", state: "running" }, nodes: () => [] };

const REDIS_WORDS: Readonly<Record<RedisAct, string>> = {
  stop: "Redis was killed (SIGKILL)",
  start: "Redis was started again",
  freeze: "Redis was frozen (SIGSTOP): connections stay open, and nothing answers",
  thaw: "Redis was thawed",
};

/** `onChange` is told whenever the answer is another one. */
export function createStage(mode: StageAnswer["mode"], onChange: () => void): Stage {
  const happenings = createHappenings(onChange);
  let controls = RIGHT_BEFORE;
  let pulse: Pulse | undefined;
  const grounds = createGroundWatch({
    happenings,
    onAway: () => pulse?.begin(),
    onAllBack: () => void tellPulse(),
  });

  async function tellPulse(): Promise<void> {
    const figures = await pulse?.end();
    if (!figures || figures.answered + figures.failed === 0) return;
    const { answered, failed, failedIn, slowestMs } = figures;
    const where = [...failedIn].map(([title, count]) => `${count} in ${title}`).join(", ");
    const faults = failed === 0 ? "nobody was turned away" : `turned away were ${where}`;
    happenings.add(
      failed === 0 ? "calm" : "trouble",
      `Meanwhile visitors asked ${answered + failed} times: ${faults}, the slowest answer took ${slowestMs} ms`,
    );
  }

  return {
    happenings,
    grounds,
    answer: () => ({
      mode,
      redis: controls.redis,
      nodes: controls.nodes().map((node) => ({ ...node, ground: grounds.stateOf(node.name) })),
      happenings: happenings.list(),
    }),
    async open(given, visited) {
      controls = given;
      if (controls.redis.kind !== "none") pulse = await createPulse(visited);
      onChange();
    },
    async actOnRedis(act) {
      checkFits(act, controls.redis);
      const isGivenBack = act === "start" || act === "thaw";
      const at = Date.now();
      if (isGivenBack) grounds.released(at);
      else {
        grounds.struck(at);
        pulse?.begin();
      }
      happenings.add("act", REDIS_WORDS[act], at);
      await controls.actOnRedis?.(act);
      onChange();
    },
    async actOnNode(name, act) {
      const node = controls.nodes().find((one) => one.name === name);
      if (!controls.actOnNode || !node) throw new Unfit(`There is no node "${name}" that could be killed.`);
      const wanted = act === "kill" ? "running" : "gone";
      if (node.state !== wanted) throw new Unfit(`${name} is ${node.state}; "${act}" wants it ${wanted}.`);
      await controls.actOnNode(name, act);
      onChange();
    },
    close: () => pulse?.close(),
  };
}
