import { LiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import { answersOf } from "./ask-several.ts";
import { placeOf, shownOf } from "./endpoint.ts";
import type { Endpoint, HostPort } from "./endpoint.ts";
import { replyOf, toLiveError } from "./failure.ts";
import { withFix } from "./fix.ts";
import { readSlots } from "./slots.ts";
import type { SlotRange } from "./slots.ts";
import { openWire } from "./wire.ts";
import type { Send } from "./wire.ts";

/** How a member sees the cluster. */
export interface ClusterView {
  readonly ranges: readonly SlotRange[];
  /** Whether the member sees a majority; one that was cut off goes on telling what was before. */
  readonly isOk: boolean;
  /** Raised by each failover. */
  readonly epoch: number;
}

/** What asking a cluster needs. */
export interface ViewParts {
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
}

const CONNECT_WITHIN_MS = 1_000;
const ANSWER_WITHIN_MS = 450;

/** A member that may be asked over a connection that is there. */
export interface Asked {
  readonly at: HostPort;
  readonly send: Send;
}

/**
 * Asks members that are connected, or else servers that are not, how they see the cluster, and answers the best view. Rejects with
 * `LIVE_GROUND_AWAY` when none answers, and with `LIVE_GROUND_REFUSED` when all refuse.
 */
export async function viewOf(
  parts: ViewParts,
  connected: readonly Asked[],
  others: readonly Endpoint[],
): Promise<ClusterView> {
  const near = await answersOf(
    parts,
    connected.map(({ at, send }) => askOne(send, at)),
  );
  const { answers, failures } =
    near.answers.length > 0
      ? near
      : await answersOf(
          parts,
          others.map((one) => askFar(parts, one)),
        );
  const best = [...answers].sort(byTrust)[0];
  if (!best) throw nobodyTells(failures);
  return best;
}

async function askOne(send: Send, at: HostPort): Promise<ClusterView> {
  const options = { always: true, limitMs: ANSWER_WITHIN_MS } as const;
  // Who may not ask for it believes the first answer.
  const info = send(["CLUSTER", "INFO"], options).catch(() => "");
  const slots = await send(["CLUSTER", "SLOTS"], options).catch((error: unknown) => {
    throw /cluster support disabled/.test(replyOf(error) ?? "") ? noCluster(at) : error;
  });
  const text = String(await info);
  return {
    ranges: readSlots(slots, at),
    isOk: !/cluster_state:fail/.test(text),
    epoch: Number(/cluster_current_epoch:(\d+)/.exec(text)?.[1] ?? 0),
  };
}

async function askFar({ clock, signal }: ViewParts, endpoint: Endpoint): Promise<ClusterView> {
  const name = `cluster ${shownOf(endpoint)}`;
  const limits = { commandTimeoutMs: ANSWER_WITHIN_MS, connectTimeoutMs: CONNECT_WITHIN_MS, maxInFlight: 10 };
  try {
    const wire = await openWire({ ...limits, clock, signal, name, endpoint });
    try {
      return await askOne(wire.send, endpoint);
    } finally {
      wire.end(new LiveError("LIVE_GROUND_AWAY", `${name}: not needed any more`));
    }
  } catch (error) {
    throw withFix(toLiveError(name, error), endpoint.access.tls !== undefined);
  }
}

function byTrust(a: ClusterView, b: ClusterView): number {
  return Number(b.isOk) - Number(a.isOk) || b.epoch - a.epoch;
}

function noCluster(at: HostPort): LiveError {
  const fix = "openRedis({ host, port }), or its URL";
  return new LiveError("LIVE_GROUND_REFUSED", `${placeOf(at)} is not part of a cluster. Fix: ${fix}.`);
}

function nobodyTells(failures: readonly LiveError[]): LiveError {
  const away = failures.find(({ code }) => code !== "LIVE_GROUND_REFUSED");
  const telling = away ?? failures[0];
  if (telling) return telling;
  return new LiveError("LIVE_GROUND_AWAY", "no server of the cluster was asked");
}
