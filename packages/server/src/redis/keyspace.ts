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
  /** Sorted set: names of the nodes that follow the log, by when their registration ends. */
  readonly nodes: string;
  /** Hash: node name to the position that it has applied. */
  readonly acks: string;
  /** String: the mark of one ground; only that ground raises it. */
  mark(ground: string): string;
  /** String: the sequence at which a tag last moved. */
  tag(name: string): string;
  /** Hash: `log`, `epoch` and `offset` of a channel's last event. */
  channel(name: string): string;
  /** Stream: what a channel has published lately. */
  history(name: string): string;
  /** Name of the sharded pub/sub channel of a topic of the ephemeral lane. Not a key. */
  topic(name: string): string;
  /** Name of the sharded pub/sub channel that carries a channel's events. Not a key. */
  feed(name: string): string;
  /** String: a cached entry. */
  entry(key: string): string;
  /** A glob of the keys of all entries whose names begin with `start`. */
  entriesFrom(start: string): string;
  /** The name of an entry, from its key. */
  nameOf(entryKey: string): string;
  /** String: who has the right to load an entry. */
  lease(key: string): string;
}

/** Where the keys of a realm live. Pub/sub knows no database numbers, so the number stands in the names of feeds. */
export interface KeyspacePlace {
  readonly prefix: string;
  readonly database: number;
  readonly realm: string;
}

/** Spells the keys of one realm. */
export function createKeyspace({ prefix, database, realm }: KeyspacePlace): Keyspace {
  const own = `${prefix}:${realm}`;
  return {
    head: `{${own}}:head`,
    log: `{${own}}:log`,
    nodes: `{${own}}:nodes`,
    acks: `{${own}}:acks`,
    mark: (ground) => `{${own}}:m:${ground}`,
    tag: (name) => `{${own}}:t:${name}`,
    channel: (name) => `{${own}}:ch:${name}`,
    history: (name) => `{${own}}:h:${name}`,
    topic: (name) => `{${own}}:${database}~${name}`,
    feed: (name) => `{${own}}:${database}:${name}`,
    entry: (key) => `${own}:e:{${braceless(key)}}`,
    entriesFrom: (start) => `${globFree(`${own}:e:{${braceless(start)}`)}*`,
    nameOf: (entryKey) => braced(entryKey.slice(`${own}:e:{`.length, -1)),
    lease: (key) => `${own}:l:{${braceless(key)}}`,
  };
}

/** A brace in the name would move the borders of the hash tag. Different names stay different. */
function braceless(name: string): string {
  return /[%{}]/.test(name) ? name.replace(/[%{}]/g, encodeURIComponent) : name;
}

function braced(text: string): string {
  return text.replace(/%(?:25|7B|7D)/g, decodeURIComponent);
}

/** Takes the meaning that a glob gives them from characters of a name. */
function globFree(text: string): string {
  return text.replace(/[\\*?[\]]/g, "\\$&");
}
