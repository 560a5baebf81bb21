import { Problem } from "example-kit/problem";
import type { NodeAct, RedisAct } from "../answers.ts";

const REDIS_ACTS: readonly RedisAct[] = ["stop", "start", "freeze", "thaw"];
const NODE_ACTS: readonly NodeAct[] = ["kill", "start"];

/** @throws Problem 400 unless the body is `{ act }` with one that Redis knows */
export function redisWish(body: unknown): RedisAct {
  return oneOf(REDIS_ACTS, fieldOf(body, "act"));
}

/** @throws Problem 400 unless the body is `{ act }` with one that a node knows */
export function nodeWish(body: unknown): NodeAct {
  return oneOf(NODE_ACTS, fieldOf(body, "act"));
}

/** @throws Problem 400 unless the body is `{ applications }` with names; whether they run is not asked here */
export function lifeWish(body: unknown): readonly string[] {
  const names = fieldOf(body, "applications");
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw refusal("applications", "a list of names", names);
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

function oneOf<Act extends string>(acts: readonly Act[], received: unknown): Act {
  const act = acts.find((one) => one === received);
  if (act === undefined) throw refusal("act", `one of ${acts.join(", ")}`, received);
  return act;
}

function refusal(field: string, expected: string, received: unknown): Problem {
  const shown = (JSON.stringify(received) ?? "nothing").slice(0, 80);
  return new Problem(400, "Some fields are not right", `${field}: expected ${expected}, received ${shown}.`);
}
