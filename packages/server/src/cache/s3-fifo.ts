/** A map bounded by bytes: what has been of least use leaves first. */
export interface BoundedMap<V> {
  /** Counts as a use. */
  get(key: string): V | undefined;
  /** Does not count as a use. */
  peek(key: string): V | undefined;
  /** Takes a value, or replaces one. A value of more bytes than the whole map may hold is not taken, and replaces nothing. */
  set(key: string, value: V, bytes: number): void;
  delete(key: string): void;
  clear(): void;
  /** Every value. Does not count as a use. */
  values(): Iterable<V>;
  readonly bytes: number;
  readonly size: number;
}

/** What a map is made with. */
export interface BoundedMapOptions<V> {
  readonly maxBytes: number;
  /** Told of every value that had to leave for want of room. */
  readonly onEvict: (key: string, value: V) => void;
}

/** The share of the bytes that newcomers may fill. */
const NEWCOMERS_SHARE = 0.1;

/** A use beyond this many counts no more. */
const MOST_USES = 3;

/** Uses after which a newcomer is kept. */
const USES_TO_STAY = 2;

/** A value and its place in one of the queues. */
interface Node<V> {
  readonly key: string;
  value: V;
  bytes: number;
  uses: number;
  queue: Queue<V>;
  older: Node<V> | undefined;
  newer: Node<V> | undefined;
}

function* valuesOf<V>(nodes: ReadonlyMap<string, Node<V>>): Generator<V> {
  for (const { value } of nodes.values()) yield value;
}

/** A queue of nodes; the oldest leaves first. */
interface Queue<V> {
  oldest: Node<V> | undefined;
  newest: Node<V> | undefined;
  bytes: number;
  size: number;
}

/**
 * Makes an empty map that evicts as S3-FIFO does (Yang and others, SOSP 2023): newcomers stand in a short queue and leave it soon, unless
 * they are used meanwhile; what was used stands in the long queue, and goes round in it as often as it was used. A use is one
 * increment, nothing is relinked. Keys that left the short queue are remembered for a while: who comes back goes to the long
 * one at once. So a scan over many keys, each used once, pushes out nothing but itself.
 */
export function createS3Fifo<V>({ maxBytes, onEvict }: BoundedMapOptions<V>): BoundedMap<V> {
  const nodes = new Map<string, Node<V>>();
  const newcomers = emptyQueue<V>();
  const stayers = emptyQueue<V>();
  const gone = createGone();

  function makeRoom(): void {
    while (newcomers.bytes + stayers.bytes > maxBytes) {
      if (newcomers.bytes > maxBytes * NEWCOMERS_SHARE || stayers.size === 0) dismissNewcomer();
      else dismissStayer();
    }
  }

  /** The newcomer that has stood longest moves on, or leaves. */
  function dismissNewcomer(): void {
    const node = newcomers.oldest!;
    if (node.uses >= USES_TO_STAY) {
      node.uses = 0;
      unlink(node);
      append(stayers, node);
    } else {
      evict(node);
      // As many keys are remembered as there are values that stay.
      gone.note(node.key, Math.max(stayers.size, newcomers.size));
    }
  }

  function dismissStayer(): void {
    const node = stayers.oldest!;
    if (node.uses === 0) return evict(node);
    node.uses--;
    unlink(node);
    append(stayers, node);
  }

  function evict(node: Node<V>): void {
    unlink(node);
    nodes.delete(node.key);
    onEvict(node.key, node.value);
  }

  function insert(key: string, value: V, bytes: number): void {
    const queue = gone.take(key) ? stayers : newcomers;
    const node: Node<V> = { key, value, bytes, uses: 0, queue, older: undefined, newer: undefined };
    nodes.set(key, node);
    append(queue, node);
  }

  return {
    get(key) {
      const node = nodes.get(key);
      if (node === undefined) return undefined;
      if (node.uses < MOST_USES) node.uses++;
      return node.value;
    },
    peek: (key) => nodes.get(key)?.value,
    set(key, value, bytes) {
      if (bytes > maxBytes) return;
      const node = nodes.get(key);
      if (node) {
        node.queue.bytes += bytes - node.bytes;
        node.value = value;
        node.bytes = bytes;
      } else {
        insert(key, value, bytes);
      }
      makeRoom();
    },
    delete(key) {
      const node = nodes.get(key);
      if (!node) return;
      unlink(node);
      nodes.delete(key);
    },
    values: () => valuesOf(nodes),
    clear() {
      nodes.clear();
      gone.clear();
      for (const queue of [newcomers, stayers]) Object.assign(queue, emptyQueue<V>());
    },
    get bytes() {
      return newcomers.bytes + stayers.bytes;
    },
    get size() {
      return nodes.size;
    },
  };
}

/** The keys that left the short queue lately. Only their hashes are kept; two keys with one hash cost a place in the wrong queue. */
function createGone() {
  const hashes = new Set<number>();
  /** Kept from one forgetting to the next: a new one would walk over every place that is empty by now. */
  let oldestFirst = hashes.values();
  return {
    note(key: string, most: number): void {
      const hash = hashOf(key);
      hashes.delete(hash);
      hashes.add(hash);
      while (hashes.size > most) hashes.delete(oldestFirst.next().value!);
    },
    /** Whether the key left lately; it is then forgotten. */
    take: (key: string): boolean => hashes.delete(hashOf(key)),
    clear(): void {
      hashes.clear();
      oldestFirst = hashes.values();
    },
  };
}

function emptyQueue<V>(): Queue<V> {
  return { oldest: undefined, newest: undefined, bytes: 0, size: 0 };
}

function append<V>(queue: Queue<V>, node: Node<V>): void {
  node.queue = queue;
  node.older = queue.newest;
  node.newer = undefined;
  if (queue.newest) queue.newest.newer = node;
  else queue.oldest = node;
  queue.newest = node;
  queue.bytes += node.bytes;
  queue.size++;
}

function unlink<V>(node: Node<V>): void {
  const { queue, older, newer } = node;
  if (older) older.newer = newer;
  else queue.oldest = newer;
  if (newer) newer.older = older;
  else queue.newest = older;
  queue.bytes -= node.bytes;
  queue.size--;
}

/** FNV-1a. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
