import { createHash } from "node:crypto";

/** Longest name that stands in a key as it is, in characters; longer ones are replaced by their digest. */
const LONGEST_PLAIN_NAME = 200;

/**
 * Every key of one realm. This is the only place where a key is spelled.
 *
 * The log, the tags, the channels and the nodes of a realm share one hash tag, `{prefix:realm}`, because one script touches
 * several of them. An entry and its lease share a hash tag of their own, so that entries spread over a cluster.
 * `docs/reference/keys.md` says of each key what it holds, who writes it, and when it goes away.
 */
export interface Keyspace {
  /** String: `epoch.seq`, where the log ends. */
  readonly head: string;
  /** Stream: the records, ids `seq-0`. */
  readonly log: string;
  /** Sorted set: names of live nodes, by when they expire (ms of the server's clock). */
  readonly nodes: string;
  /** Hash: node name to the sequence that it has applied. */
  readonly applied: string;
  /** String: how often one process has written; only that process writes it. */
  mark(instance: string): string;
  /** String: the sequence at which a tag last moved. */
  tag(name: string): string;
  /** Hash: `epoch` and `offset` of a channel's last event. */
  channel(name: string): string;
  /** Name of the sharded publish channel that carries a channel's events. Not a key. */
  feed(name: string): string;
  /** String: a cached entry. */
  entry(key: string): string;
  /** String: who has the right to load an entry. */
  lease(key: string): string;
}

/** Spells the keys of one realm. */
export function createKeyspace(prefix: string, realm: string): Keyspace {
  const shared = `{${prefix}:${realm}}`;
  const own = `${prefix}:${realm}`;
  return {
    head: `${shared}:head`,
    log: `${shared}:log`,
    nodes: `${shared}:nodes`,
    applied: `${shared}:applied`,
    mark: (instance) => `${shared}:mark:${instance}`,
    tag: (name) => `${shared}:tag:${plain(name)}`,
    channel: (name) => `${shared}:channel:${plain(name)}`,
    feed: (name) => `${shared}:feed:${plain(name)}`,
    entry: (key) => `${own}:entry:{${braced(key)}}`,
    lease: (key) => `${own}:lease:{${braced(key)}}`,
  };
}

function plain(name: string): string {
  return name.length <= LONGEST_PLAIN_NAME ? name : `#${digest(name)}`;
}

/** A brace in the name would move the borders of the hash tag, and with it the slot. */
function braced(name: string): string {
  return /[{}]/.test(name) ? `#${digest(name)}` : plain(name);
}

function digest(name: string): string {
  return createHash("sha256").update(name).digest("base64url").slice(0, 32);
}
