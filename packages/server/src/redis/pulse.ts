import { LiveError, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./run-script.ts";

/** How long this process's mark outlives its last heartbeat. */
export const MARK_TTL_MS = 3_600_000;

/** How long a node counts as live after its last heartbeat. */
const NODE_TTL_MS = 5_000;

/** How old the last heartbeat may be for its nodes to be surely known to the ground. */
const KNOWN_FOR_MS = 3_000;

/** The heartbeat of one realm, and what it tells. */
export interface Pulse {
  /** Names of this process's nodes, kept alive by every beat. */
  readonly nodes: Set<string>;
  /** One beat. Rejects as `send` does. */
  beat(send: Send): Promise<Position>;
  /** A write script answered this mark: the ground holds at least that much of what this process wrote. */
  noteMark(mark: number): void;
  /** Whether `node` was part of a beat lately, so that whoever waits for all nodes waits for it too. */
  isKnown(node: string): boolean;
  /** The server's clock in ms since 1970, ahead by at most the time a beat took. `undefined` before the first beat. */
  serverNowMs(): number | undefined;
}

/** What a pulse needs from its surroundings. */
export interface PulseParts {
  readonly keyspace: Keyspace;
  readonly clock: Clock;
  /** Name of this process, new with every ground that is opened. */
  readonly instance: string;
  /** Where the log ended at a beat. */
  readonly onBeat: (head: Position) => void;
}

/** Makes the heartbeat of a realm. It does not beat by itself. */
export function createPulse({ keyspace, clock, instance, onBeat }: PulseParts): Pulse {
  const nodes = new Set<string>();
  const known = new Map<string, number>();
  let acknowledged = 0;
  let serverAheadMs: number | undefined;
  const { head, log, applied } = keyspace;
  const mark = keyspace.mark(instance);

  return {
    nodes,
    async beat(send) {
      const sentAtMs = clock.now();
      const names = [...nodes];
      const reply = (await runScript(send, "heartbeat", {
        keys: [head, log, mark, keyspace.nodes, applied],
        args: [acknowledged, randomWord(8), MARK_TTL_MS, NODE_TTL_MS, ...names],
      })) as [string, number, number];
      const position = parsePosition(reply[0]);
      if (!position)
        throw new LiveError("LIVE_GROUND_REFUSED", `The head of the log is damaged: ${reply[0]}`);
      acknowledged = Math.max(acknowledged, reply[1]);
      serverAheadMs = reply[2] - sentAtMs;
      known.clear();
      for (const name of names) known.set(name, sentAtMs);
      onBeat(position);
      return position;
    },
    noteMark(seen) {
      acknowledged = Math.max(acknowledged, seen);
    },
    isKnown(node) {
      const beatAtMs = known.get(node);
      return beatAtMs !== undefined && clock.now() - beatAtMs < KNOWN_FOR_MS;
    },
    serverNowMs: () => (serverAheadMs === undefined ? undefined : clock.now() + serverAheadMs),
  };
}
