import type { NodeAct, NodeAnswer, RedisAct, RedisAnswer } from "../answers.ts";

/** What a person at the machine may do to the stage. */
export interface Controls {
  readonly redis: RedisAnswer;
  /** How many sockets a node has, and whether it runs. */
  nodes(): readonly Omit<NodeAnswer, "ground">[];
  /** Rejects when it cannot be done. */
  actOnRedis?(act: RedisAct): Promise<void>;
  actOnNode?(name: string, act: NodeAct): Promise<void>;
}

/** A wish that does not fit what is: its message is shown. */
export class Unfit extends Error {}

const FITS: Readonly<Record<RedisAct, RedisAnswer["state"]>> = {
  stop: "running",
  start: "stopped",
  freeze: "running",
  thaw: "frozen",
};

/** @throws Unfit when Redis is not in the state that an act begins from */
export function checkFits(act: RedisAct, { kind, state }: RedisAnswer): void {
  if (kind === "none")
    throw new Unfit("There is no Redis to switch: npm run start:cluster runs with one of its own.");
  if (kind === "given") throw new Unfit("This Redis was given by REDIS_URL: whoever started it may stop it.");
  if (state !== FITS[act]) throw new Unfit(`Redis is ${state}; "${act}" wants it ${FITS[act]}.`);
}
