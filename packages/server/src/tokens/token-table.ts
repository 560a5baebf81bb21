import { termOfWord, TOKEN_SHARDS } from "../base/revocation-shards.ts";
import { formatDigest } from "../base/token-digest.ts";
import type { TokenDigest } from "../base/token-digest.ts";
import type { Revocation, ShardSum } from "../ports/revocation-store.ts";

/** Five words a slot: the digest, and when the token expires, in seconds; 0 there says that the slot is empty. */
const WORDS = 5;
const SMALLEST = 16;
const FULLEST = 0.75;

/**
 * Revoked tokens of one node: an open-addressing table of plain words for each part of the set. A part is small, so making one larger, or
 * without what has expired, holds nobody up. Exact: all 128 bits are compared. Pure: the caller brings the time.
 */
export class TokenTable {
  readonly #shards = Array.from({ length: TOKEN_SHARDS }, () => new Uint32Array(0));
  readonly #counts = new Uint32Array(TOKEN_SHARDS);
  #size = 0;

  /** How many tokens there are, those included that have expired and were not swept yet. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  has(digest: TokenDigest): boolean {
    const words = this.#shards[digest.a >>> 24]!;
    return words.length > 0 && words[find(words, digest) + 4] !== 0;
  }

  /** Takes a token that expires at a second since 1970. Answers whether it is new, or expires later than was known. */
  add(digest: TokenDigest, expiresAtSeconds: number): boolean {
    const shard = digest.a >>> 24;
    const words = this.#roomy(shard);
    const at = find(words, digest);
    const known = words[at + 4]!;
    if (known >= expiresAtSeconds) return false;
    if (known === 0) {
      put(words, at, digest);
      this.#counts[shard]!++;
      this.#size++;
    }
    words[at + 4] = expiresAtSeconds;
    return true;
  }

  /** What a part holds that expires after a second. */
  sumOf(shard: number, afterSeconds: number): ShardSum {
    const words = this.#shards[shard]!;
    let count = 0;
    let sum = 0;
    for (let at = 0; at < words.length; at += WORDS) {
      const expiresAt = words[at + 4]!;
      if (expiresAt <= afterSeconds) continue;
      count++;
      sum += termOfWord(words[at]!, expiresAt * 1_000);
    }
    return { count, sum };
  }

  /** The tokens of a part that expire after a second. */
  read(shard: number, afterSeconds: number): Revocation[] {
    const words = this.#shards[shard]!;
    const found: Revocation[] = [];
    for (let at = 0; at < words.length; at += WORDS) {
      const expiresAt = words[at + 4]!;
      if (expiresAt > afterSeconds) {
        found.push({ kind: "token", id: formatDigest(digestAt(words, at)), atMs: expiresAt * 1_000 });
      }
    }
    return found;
  }

  /** Forgets the tokens of a part that expired up to a second. */
  sweep(shard: number, upToSeconds: number): void {
    const { count } = this.sumOf(shard, upToSeconds);
    if (count === this.#counts[shard]) return;
    const old = this.#shards[shard]!;
    const words = new Uint32Array(capacityFor(count) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) if (old[at + 4]! > upToSeconds) move(old, at, words);
    this.#size -= this.#counts[shard]! - count;
    this.#counts[shard] = count;
    this.#shards[shard] = words;
  }

  /** A part with room for one more. */
  #roomy(shard: number): Uint32Array {
    const words = this.#shards[shard]!;
    const capacity = words.length / WORDS;
    if (this.#counts[shard]! < capacity * FULLEST) return words;
    const larger = new Uint32Array(Math.max(SMALLEST, capacity * 2) * WORDS);
    for (let at = 0; at < words.length; at += WORDS) if (words[at + 4] !== 0) move(words, at, larger);
    this.#shards[shard] = larger;
    return larger;
  }
}

function capacityFor(count: number): number {
  if (count === 0) return 0;
  let capacity = SMALLEST;
  while (count >= capacity * FULLEST) capacity *= 2;
  return capacity;
}

/** Where a digest stands, or the empty slot where it would. There is one: no part is ever full. */
function find(words: Uint32Array, { a, b, c, d }: TokenDigest): number {
  const mask = words.length / WORDS - 1;
  for (let slot = b & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS;
    if (words[at + 4] === 0) return at;
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at;
  }
}

function put(words: Uint32Array, at: number, { a, b, c, d }: TokenDigest): void {
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
  words[at + 3] = d;
}

function digestAt(words: Uint32Array, at: number): TokenDigest {
  return { a: words[at]!, b: words[at + 1]!, c: words[at + 2]!, d: words[at + 3]! };
}

/** Copies a slot to where it belongs in another part, which does not hold it. */
function move(from: Uint32Array, slot: number, to: Uint32Array): void {
  const digest = digestAt(from, slot);
  const at = find(to, digest);
  put(to, at, digest);
  to[at + 4] = from[slot + 4]!;
}
