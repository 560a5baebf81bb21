import {
  ALL_SHARDS,
  EXPIRY_MARGIN_MS,
  TOKEN_SHARDS,
  USER_KEPT_MS,
  goneAtMs,
  latestOf,
  shardOf,
  termOf,
} from "../base/revocation-shards.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import { MAX_REVOKED_TOKENS, MAX_REVOKED_USERS } from "../ports/revocation-store.ts";
import type { Revocation, RevocationStore, RevokeInput, ShardSum } from "../ports/revocation-store.ts";
import { tellFollowers } from "./change-log.ts";
import type { RealmState } from "./state.ts";

/** Name to time, for each part. */
type Shards = readonly Map<string, number>[];

const MOST = { token: MAX_REVOKED_TOKENS, user: MAX_REVOKED_USERS };

/** The revocations of one realm, in this process. They are always whole: what loses them loses the nodes as well. */
export function createMemoryRevocationStore(state: RealmState, guard: () => void): RevocationStore {
  const { clock } = state;
  const shards: Shards = Array.from({ length: ALL_SHARDS }, () => new Map<string, number>());
  const sizes = { token: 0, user: 0 };

  function isNew({ kind, id, atMs }: Revocation): boolean {
    const known = shards[shardOf(kind, id)]!.get(id);
    return (known === undefined || known < atMs) && goneAtMs(kind, atMs) > clock.wall();
  }

  function addedOf(kind: Revocation["kind"], news: readonly Revocation[]): number {
    const isAdded = (one: Revocation): boolean =>
      one.kind === kind && !shards[shardOf(kind, one.id)]!.has(one.id);
    return news.filter(isAdded).length;
  }

  function append({ changeId, origin, tags, trace }: RevokeInput, revoked: readonly Revocation[]) {
    const { previous, position } = state.advance();
    for (const tag of tags) state.moveTag(tag, position.seq, "purge");
    const stands = { position, previous, changeId, origin };
    const record: ChangeRecord = { ...stands, tags, mode: "purge", channels: [], trace, revoked };
    state.remember(record);
    return record;
  }

  function sweep(index: number): void {
    const kind = index < TOKEN_SHARDS ? "token" : "user";
    const cutMs = clock.wall() - (kind === "token" ? EXPIRY_MARGIN_MS : USER_KEPT_MS);
    for (const [id, atMs] of shards[index]!) {
      if (atMs > cutMs) continue;
      shards[index]!.delete(id);
      sizes[kind]--;
    }
  }

  return {
    async revoke(input) {
      guard();
      const news = latestOf(input.revoked).filter(isNew);
      for (const kind of ["token", "user"] as const) {
        const added = addedOf(kind, news);
        if (added > 0 && sizes[kind] + added > MOST[kind]) return { state: "full", size: sizes[kind] };
        sizes[kind] += added;
      }
      for (const { kind, id, atMs } of news) shards[shardOf(kind, id)]!.set(id, atMs);
      if (news.length === 0 && input.tags.length === 0) {
        return { state: "revoked", position: state.head(), added: 0 };
      }
      const record = append(input, news);
      tellFollowers(state, record);
      return { state: "revoked", position: record.position, added: news.length };
    },
    async state() {
      guard();
      for (let index = 0; index < ALL_SHARDS; index++) sweep(index);
      return {
        position: state.head(),
        serverMs: clock.wall(),
        isSettled: true,
        shards: shards.map(sumOf),
      };
    },
    async isSettled() {
      guard();
      return true;
    },
    async shard(index) {
      guard();
      const kind = index < TOKEN_SHARDS ? "token" : "user";
      return [...shards[index]!].map(([id, atMs]) => ({ kind, id, atMs }));
    },
  };
}

function sumOf(shard: ReadonlyMap<string, number>): ShardSum {
  let sum = 0;
  for (const [id, atMs] of shard) sum += termOf(id, atMs);
  return { count: shard.size, sum };
}
