import {
  EXPIRY_MARGIN_MS,
  TOKEN_SHARDS,
  USER_KEPT_MS,
  USER_SHARDS,
  shardOf,
  termOf,
} from "../base/revocation-shards.ts";
import { EVERYBODY, digestOf, parseDigest, userName } from "../base/token-digest.ts";
import type { Revocation, ShardSum } from "../ports/revocation-store.ts";
import { TokenTable } from "./token-table.ts";

/** Everything that one node knows to be revoked. Pure: the caller brings the time, which is the ground's. */
export class RevokedSet {
  readonly #tokens = new TokenTable();
  readonly #users = Array.from({ length: USER_SHARDS }, () => new Map<string, number>());
  readonly #versions = new Uint32Array(TOKEN_SHARDS + USER_SHARDS);
  #userCount = 0;
  #everybodyMs = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#tokens.size;
  }

  get watermarks(): number {
    return this.#userCount;
  }

  get bytes(): number {
    return this.#tokens.bytes;
  }

  /** Takes revocations, and answers those that were not known. What is spelled wrong is none. */
  take(revoked: readonly Revocation[]): Revocation[] {
    return revoked.filter((one) => {
      const isNews = one.kind === "token" ? this.#takeToken(one) : this.#takeUser(one);
      if (isNews) this.#versions[shardOf(one.kind, one.id)]!++;
      return isNews;
    });
  }

  #takeToken({ id, atMs }: Revocation): boolean {
    const digest = parseDigest(id);
    return digest !== undefined && this.#tokens.add(digest, Math.ceil(atMs / 1_000));
  }

  #takeUser({ id, atMs }: Revocation): boolean {
    if (!parseDigest(id)) return false;
    const users = this.#users[shardOf("user", id) - TOKEN_SHARDS]!;
    const known = users.get(id);
    if (known !== undefined && known >= atMs) return false;
    if (known === undefined) this.#userCount++;
    users.set(id, atMs);
    if (id === EVERYBODY) this.#everybodyMs = Math.max(this.#everybodyMs, atMs);
    return true;
  }

  hasToken(token: string): boolean {
    return this.#tokens.has(digestOf(token));
  }

  /** Tokens of this user that were issued up to then are revoked, in milliseconds since 1970; minus infinity for none. */
  watermarkOf(userId: string | undefined): number {
    if (userId === undefined || this.#userCount === 0) return this.#everybodyMs;
    const id = userName(userId);
    const own = this.#users[shardOf("user", id) - TOKEN_SHARDS]!.get(id);
    return own === undefined ? this.#everybodyMs : Math.max(own, this.#everybodyMs);
  }

  /** Another number after each change of a part. */
  versionOf(shard: number): number {
    return this.#versions[shard]!;
  }

  /** What a part holds, without what the ground has swept at `serverMs`. */
  sumOf(shard: number, serverMs: number): ShardSum {
    if (shard < TOKEN_SHARDS) return this.#tokens.sumOf(shard, tokenCut(serverMs));
    const members = this.#usersOf(shard, serverMs);
    return { count: members.length, sum: members.reduce((sum, { id, atMs }) => sum + termOf(id, atMs), 0) };
  }

  read(shard: number, serverMs: number): Revocation[] {
    if (shard < TOKEN_SHARDS) return this.#tokens.read(shard, tokenCut(serverMs));
    return this.#usersOf(shard, serverMs);
  }

  #usersOf(shard: number, serverMs: number): Revocation[] {
    return [...this.#users[shard - TOKEN_SHARDS]!]
      .filter(([, atMs]) => atMs > serverMs - USER_KEPT_MS)
      .map(([id, atMs]) => ({ kind: "user", id, atMs }));
  }

  /** Forgets what is of no use any more in one part. */
  sweep(shard: number, serverMs: number): void {
    if (shard < TOKEN_SHARDS) return this.#tokens.sweep(shard, tokenCut(serverMs));
    const users = this.#users[shard - TOKEN_SHARDS]!;
    for (const [id, atMs] of users) {
      if (atMs > serverMs - USER_KEPT_MS) continue;
      users.delete(id);
      this.#userCount--;
    }
  }
}

/** Tokens that expired up to this second are swept. */
function tokenCut(serverMs: number): number {
  return Math.floor((serverMs - EXPIRY_MARGIN_MS) / 1_000);
}
