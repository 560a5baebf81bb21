import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Realm } from "../ports/ground.ts";
import { createRedisCacheStore } from "./cache-store.ts";
import { createRedisChangeLog, judgeClaims, readHead } from "./change-log.ts";
import type { Feeds } from "./feeds.ts";
import { createKeyspace } from "./keyspace.ts";
import type { Link } from "./link.ts";
import { createPulse } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { createReadBatch } from "./read-batch.ts";
import type { Send } from "./run-script.ts";
import { createLogTail } from "./tail.ts";

/** What all realms of a ground share. */
export interface SharedParts {
  readonly prefix: string;
  readonly instance: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  readonly send: Send;
  readonly feeds: Feeds;
  readonly openTailLink: () => Link;
}

/** One realm in Redis, and the pulse that the ground beats for it. */
export interface RedisRealm {
  readonly stores: Realm;
  readonly pulse: Pulse;
}

/** Puts the parts of one realm together. */
export function createRedisRealm(name: string, shared: SharedParts): RedisRealm {
  const { clock, tasks, signal, send, instance, feeds } = shared;
  const keyspace = createKeyspace(shared.prefix, name);
  const pulse = createPulse({ keyspace, clock, instance, onBeat: (head) => tail.noteHead(head) });
  const position = () => readHead(send, keyspace);
  const tail = createLogTail({
    log: keyspace.log,
    clock,
    tasks,
    signal,
    position,
    openLink: shared.openTailLink,
    isKnown: pulse.isKnown,
    introduce(node) {
      pulse.nodes.add(node);
      return pulse.beat(send);
    },
    forget: (node) => void pulse.nodes.delete(node),
    commandTimeoutMs: shared.commandTimeoutMs,
  });
  const cacheStore = createRedisCacheStore({
    keyspace,
    send,
    tasks,
    position,
    readBatch: createReadBatch({ head: keyspace.head, send }),
    judge: (claims) => judgeClaims(send, keyspace, claims),
    serverNowMs: pulse.serverNowMs,
  });
  const changeLog = createRedisChangeLog({ keyspace, instance, send, pulse, tail, feeds });
  return { stores: { cacheStore, changeLog }, pulse };
}
