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
  /** Hash: which server the realm's data is on, by `run` or `at`; kept where servers take over from each other. */
  readonly primary: string;
  /** String: the mark of one ground; only that ground raises it. */
  mark(ground: string): string;
  /** String: the sequence at which a tag last moved. */
  tag(name: string): string;
  /** String: the log epoch a channel belongs to, its own epoch, and the offset of its last event. */
  channel(name: string): string;
  /** String: how far a source of changes has been taken over: the position of its last change, and its place. */
  source(name: string): string;
  /** Stream: what a channel has published lately. */
  history(name: string): string;
  /** Sorted set: incarnations of nodes, by when their lease ends on the clock of leases. */
  readonly leases: string;
  /** Hash: where the clock of leases stood `at`, and when it was `renewed` by the server's time. */
  readonly leaseClock: string;
  /** Sorted set: incarnations that have ended and left users behind, by when somebody else may remove them. */
  readonly ended: string;
  /** Set: in which channels an incarnation says which users are there. */
  spokenFor(incarnation: string): string;
  /** Hash: a user who is in a channel, to what incarnations say of them. */
  present(channel: string): string;
  /** Sorted set: the ids of the users in a channel, in order. */
  presentOrder(channel: string): string;
  /** Hash: `epoch` and `offset` of the version of a channel's users, and how many `writes` there were. */
  presentVersion(channel: string): string;
  /** String: the record of a connected socket. */
  socket(socketId: string): string;
  /** String: when a socket's last heartbeat was. */
  heartbeat(socketId: string): string;
  /** Set: the ids of a user's sockets. */
  socketsOf(userId: string): string;
  /** Sorted set: nodes that speak for members of map cells, by when their lease ends; -1 when their life was declared over. */
  readonly regionNodes: string;
  /** String: who looks after a silent node of them. */
  readonly regionClaim: string;
  /** Hash: a socket of the node to the sequence of its last move and the cell it is in. */
  places(node: string): string;
  /** String: the sequence with which a member, `node:connection`, has left. */
  departed(member: string): string;
  /** Hash: who is in a map cell, `node:connection` to the id of the user. */
  cellMembers(cell: string): string;
  /** Hash: how many members are in each part of a map cell, by the letter of the part. The map itself is `""`. */
  cellCounts(prefix: string): string;
  /** Stream: the notifications kept for a user. */
  notes(userId: string): string;
  /** Sorted set: ids of those that are unread, by the sequence of their change. */
  unread(userId: string): string;
  /** String: a claim on work that is to be done once, or what came of it. */
  claim(name: string): string;
  /** Name of the sharded pub/sub channel of a topic of the ephemeral lane. Not a key. */
  topic(name: string): string;
  /** Name of the sharded pub/sub channel that carries the records of the log. Not a key. */
  readonly logFeed: string;
  /** Name of the sharded pub/sub channel that carries a channel's events. Not a key. */
  feed(name: string): string;
  /** String: what a subject has used of a limit, by `limit:subject`. */
  limit(name: string): string;
  /** Hash: what the sets of revocations hold, and whether they are whole. */
  readonly revocationLedger: string;
  /** Sorted set: a part of what is revoked, digests by the time they speak of. */
  revoked(shard: string): string;
  /** String: a revoked token, by its digest, as long as it would have lived. */
  blacklisted(name: string): string;
  /** Hash: a session, or that it was ended. */
  session(id: string): string;
  /** Sorted set: ids of all sessions, by when they expire. */
  readonly sessions: string;
  /** Sorted set: ids of a user's sessions, by when they expire. */
  sessionsOf(userId: string): string;
  /** String: the round of a user's sessions. */
  sessionRound(userId: string): string;
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
    primary: `{${own}}:primary`,
    mark: (ground) => `{${own}}:m:${ground}`,
    tag: (name) => `{${own}}:t:${name}`,
    channel: (name) => `{${own}}:ch:${name}`,
    source: (name) => `{${own}}:source:${name}`,
    history: (name) => `{${own}}:h:${name}`,
    leases: `{${own}}:pl`,
    leaseClock: `{${own}}:pt`,
    ended: `{${own}}:pe`,
    spokenFor: (incarnation) => `{${own}}:pn:${incarnation}`,
    present: (channel) => `{${own}}:pu:${channel}`,
    presentOrder: (channel) => `{${own}}:po:${channel}`,
    presentVersion: (channel) => `{${own}}:pv:${channel}`,
    socket: (socketId) => `${own}:socket:{${braceless(socketId)}}`,
    heartbeat: (socketId) => `${own}:heartbeat:{${braceless(socketId)}}`,
    socketsOf: (userId) => `${own}:sockets:{${braceless(userId)}}`,
    regionNodes: `{${own}}:region:nodes`,
    regionClaim: `{${own}}:region:claim`,
    places: (node) => `{${own}}:places:${node}`,
    departed: (member) => `{${own}}:departed:${member}`,
    cellMembers: (cell) => `{${own}}:region:${cell}:members`,
    cellCounts: (part) => `{${own}}:region:${part === "" ? WHOLE_MAP : part}:counts`,
    notes: (userId) => `{${own}}:notifications:${userId}`,
    unread: (userId) => `{${own}}:unread:${userId}`,
    claim: (name) => `${own}:claim:{${braceless(name)}}`,
    topic: (name) => `{${own}}:${database}~${name}`,
    logFeed: `{${own}}:${database}!log`,
    feed: (name) => `{${own}}:${database}:${name}`,
    limit: (name) => `${own}:limit:{${braceless(name)}}`,
    revocationLedger: `{${own}}:rl`,
    revoked: (shard) => `{${own}}:rv:${shard}`,
    blacklisted: (name) => `{${own}}:blacklist:${name}`,
    session: (id) => `{${own}}:session:${id}`,
    sessions: `{${own}}:sessions`,
    sessionsOf: (userId) => `{${own}}:sessions-of:${userId}`,
    sessionRound: (userId) => `{${own}}:session-round:${userId}`,
    entry: (key) => `${own}:e:{${braceless(key)}}`,
    entriesFrom: (start) => `${globFree(`${own}:e:{${braceless(start)}`)}*`,
    nameOf: (entryKey) => braced(entryKey.slice(`${own}:e:{`.length, -1)),
    lease: (key) => `${own}:l:{${braceless(key)}}`,
  };
}

/** Stands for the empty prefix of a cell. No geohash has an `a` in it. */
const WHOLE_MAP = "all";

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
