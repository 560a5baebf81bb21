import { LiveError, isLiveError } from "@livecache/wire";
import { refuseUnknown } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import { randomWord } from "../base/ids.ts";
import { identityTag } from "../base/identity-tag.ts";
import { movedBy } from "../base/names.ts";
import type { Tasks } from "../base/tasks.ts";
import { EVERYBODY, tokenName, userName } from "../base/token-digest.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import type { Revocation, RevocationStore } from "../ports/revocation-store.ts";
import { createFollower } from "./follower.ts";
import { createPending } from "./pending.ts";
import type { Pending } from "./pending.ts";
import { invalid, readName, readTime } from "./read-input.ts";
import { RevokedSet } from "./revoked-set.ts";
import type { CheckOptions, RevokeResult, TokenClaims, Tokens } from "./token-api.ts";

/** What the room needs from its surroundings. */
export interface TokenParts {
  readonly node: string;
  readonly store: RevocationStore;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  /** Where the log stands by now, for the cache: told before `revoke` resolves. */
  readonly onAppended: (position: RevokeResult["position"]) => void;
  /** Tags that moved on this node only, because the ground is away. */
  readonly onPending: (tags: readonly string[]) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** The revocations of one node. */
export interface TokenRoom {
  readonly tokens: Tokens;
  /** Takes what a record revokes. Never throws. */
  apply(record: Pick<ChangeRecord, "revoked">): void;
  /** Records may have been missed. */
  reset(): void;
  /** Everything that the log held at `askedAtMs` was applied. */
  heard(askedAtMs: number): void;
  /** The ground is back. */
  wake(): void;
}

const DEFAULT_MAX_STALE_MS = 30_000;

/** How far back a time lies for which nothing is asked of the issue time: before all of them. */
const NEVER = Number.NEGATIVE_INFINITY;

/** Makes the room. It begins at once to read what is revoked, in the background. */
export function createTokens(parts: TokenParts): TokenRoom {
  const { node, store, clock, tasks, signal, warn } = parts;
  const set = new RevokedSet();
  const listeners = new Set<(revoked: readonly Revocation[]) => void>();
  const pending = createPending({ node, store, onAppended: parts.onAppended });

  function tell(revoked: readonly Revocation[]): void {
    if (revoked.length === 0) return;
    for (const listener of listeners) {
      try {
        listener(revoked);
      } catch (error) {
        warn("a listener of revocations failed", { error });
      }
    }
  }

  const follower = createFollower({
    ...{ node, store, set, clock, tasks, signal, warn },
    onLearned: tell,
    onEqual: () => tasks.track(pending.repeat().catch(() => undefined)),
  });

  const { revoke, refused } = createRevoker(parts, {
    pending,
    learn: (one) => tell(set.take([one])),
    compare: follower.wake,
  });

  const tokens: Tokens = {
    async revoke(tokenOrId, expiresAt) {
      const id = tokenName(readName("revoke: tokenOrId", tokenOrId));
      // Whole seconds, as tokens say them; never earlier than was said.
      const atMs = Math.ceil(readTime("revoke: expiresAt", expiresAt) / 1_000) * 1_000;
      return revoke({ kind: "token", id, atMs }, []);
    },
    async revokeUser(userId, before = clock.wall()) {
      const id = userName(readName("revokeUser: userId", userId));
      const atMs = readTime("revokeUser: before", before);
      return revoke({ kind: "user", id, atMs }, movedBy(identityTag(userId)));
    },
    async revokeAll(before = clock.wall()) {
      const atMs = readTime("revokeAll: before", before);
      return revoke({ kind: "user", id: EVERYBODY, atMs }, [identityTag("*")]);
    },
    check(claims, options) {
      const staleMs = readMaxStale(options);
      if (isRevoked(set, claims)) return "revoked";
      return clock.now() - follower.freshAtMs() <= staleMs ? "valid" : "unknown";
    },
    status: () => ({
      freshMs: Math.max(0, clock.now() - follower.freshAtMs()),
      size: set.size,
      watermarks: set.watermarks,
      bytes: set.bytes,
      pending: pending.size(),
      refused: refused(),
    }),
    onRevoked(listener) {
      if (typeof listener !== "function") throw invalid("onRevoked: listener", "a function", listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  return {
    tokens,
    apply({ revoked }) {
      if (revoked) tell(set.take(revoked));
    },
    reset: follower.reset,
    heard: follower.heard,
    wake: follower.wake,
  };
}

/** Whether a token is known to be revoked. A user's tokens are when they were issued up to the user's watermark, or do not say when. */
function isRevoked(set: RevokedSet, claims: TokenClaims): boolean {
  const { tokenId, jti, token, iat, issuedAt } = claims;
  const userId = claims.userId ?? claims.sub;
  const issuedAtMs = issuedAt ?? (iat === undefined ? undefined : iat * 1_000);
  if (!tokenId && !jti && !token && userId === undefined && issuedAtMs === undefined) {
    const expected = "a tokenId, jti or token, a sub or userId, or an iat or issuedAt";
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `check: expected claims with ${expected}, received none of them.`,
    );
  }
  if (tokenId && set.hasToken(tokenId)) return true;
  if (jti && jti !== tokenId && set.hasToken(jti)) return true;
  if (token && token !== tokenId && set.hasToken(token)) return true;
  const watermarkMs = set.watermarkOf(userId);
  return watermarkMs !== NEVER && !(issuedAtMs! > watermarkMs);
}

function readMaxStale(options: CheckOptions | undefined): number {
  if (options === undefined) return DEFAULT_MAX_STALE_MS;
  refuseUnknown("check", options, ["maxStale"]);
  const { maxStale } = options;
  return maxStale === undefined ? DEFAULT_MAX_STALE_MS : durationMs("check: maxStale", maxStale);
}

/** What revoking needs of the room. */
interface RevokingRoom {
  readonly pending: Pending;
  /** This node obeys it from now on. */
  readonly learn: (one: Revocation) => void;
  /** Compares with the ground as soon as that answers. */
  readonly compare: () => void;
}

/** Makes what tells the ground of one revocation. */
function createRevoker(parts: TokenParts, room: RevokingRoom) {
  const { node, store, signal } = parts;
  let refused = 0;

  async function revoke(one: Revocation, tags: readonly string[]): Promise<RevokeResult> {
    if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    const changeId = randomWord(16);
    const reply = await store
      .revoke({ changeId, origin: node, revoked: [one], tags })
      .catch((error: unknown) => keepHere(one, tags, error));
    if (reply.state === "full") {
      refused++;
      const message = `revoke: ${reply.size} revocations are known already, which is the most; nothing was revoked.`;
      throw new LiveError("LIVE_LIMIT_REACHED", message, { details: { size: reply.size } });
    }
    // Whoever asks this node next is told so, also before the record has come back.
    room.learn(one);
    parts.onAppended(reply.position);
    return { changeId, position: reply.position };
  }

  /** The ground did not take it, or did not say so: it holds here from now on, and is told to the others later. */
  function keepHere(one: Revocation, tags: readonly string[], cause: unknown): never {
    // Nothing of what passes: this node ends, or the ground must not be trusted with it.
    if (isLiveError(cause) && ["LIVE_CLOSED", "LIVE_GROUND_UNSAFE"].includes(cause.code)) throw cause;
    room.pending.add(one, tags);
    room.learn(one);
    parts.onPending(tags);
    room.compare();
    throw new LiveError(
      "LIVE_REVOCATION_PENDING",
      "This node refuses it from now on, but the ground did not take it: the other nodes are told as soon as it does, if this process lives until then.",
      { cause, details: { scope: "local", pending: true } },
    );
  }

  return { revoke, refused: () => refused };
}
