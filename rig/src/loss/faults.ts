import type { Gate } from "../gate.ts";
import { until } from "../until.ts";
import type { Fault, Round } from "./schedule.ts";
import type { Site } from "./site.ts";

/** What a Redis has after it was killed: nothing, everything, or what it had some time before. */
export const LEFTOVERS = ["empty", "kept", "old"] as const;
export type Leftover = (typeof LEFTOVERS)[number];

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** How Redis is started so that it has that much after a kill. */
export function redisConfig(leftover: Leftover): readonly string[] {
  return leftover === "kept" ? ["--appendonly", "yes", "--appendfsync", "everysec"] : [];
}

/** From how long on clients that were cut off are waited for before the next fault. */
const LONG_CUT_MS = 10_000;

/** How long that is waited for; whoever has not come back is judged by what it has noted. */
const BACK_WITHIN_MS = 20_000;

/** Waits until every client is in all its channels, or for a bounded time. */
export async function everybodyIsIn({ crowd }: Pick<Site, "crowd">): Promise<void> {
  const isComplete = async (): Promise<boolean> => (await crowd.call("absent")) === 0;
  await until(isComplete, { what: "every client is back", withinMs: BACK_WITHIN_MS }).catch(() => undefined);
}

/** Runs one round: a quiet time, the fault, and its end. */
export async function runRound(site: Site, round: Round, leftover: Leftover): Promise<void> {
  const { quietMs, fault, forMs, besides } = round;
  if (fault.kind === "redis-kill" && leftover === "old") await site.redis.command("SAVE");
  await pause(quietMs);
  // Long cuts that follow at once upon each other would be one cut, longer than any history is.
  if (fault.kind === "clients" && forMs >= LONG_CUT_MS) await everybodyIsIn(site);
  const cutBesides = async (): Promise<void> => {
    if (!besides) return;
    await pause(besides.afterMs);
    const gate = site.clientGates[besides.group]!;
    gate.cut();
    await pause(besides.forMs);
    gate.pass();
  };
  const heal = await strike(site, fault);
  await Promise.all([pause(forMs), cutBesides()]);
  await heal();
}

/** Does the damage; the answer undoes it. */
async function strike(site: Site, fault: Fault): Promise<() => Promise<void>> {
  const { redis, places, clientGates } = site;
  switch (fault.kind) {
    case "clients":
      return damage(
        fault.groups.map((group) => clientGates[group]!),
        fault.how,
      );
    case "partition":
      return damage([places[fault.node]!.redisGate], fault.how);
    case "node-kill": {
      const place = places[fault.node]!;
      await site.killNode(place);
      return () => site.restartNode(place);
    }
    case "redis-freeze":
      redis.freeze();
      return async () => redis.thaw();
    case "redis-kill":
      await redis.kill();
      return () => redis.restart();
  }
}

function damage(gates: readonly Gate[], how: "cut" | "hang" | "hang-replies"): () => Promise<void> {
  for (const gate of gates) {
    if (how === "cut") gate.cut();
    else if (how === "hang") gate.hang();
    else gate.hangReplies();
  }
  return async () => gates.forEach((gate) => gate.pass());
}
