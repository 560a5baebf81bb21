import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { ChangeRecord, Verdict } from "../ports/change-log.ts";

/** What the board can say of a claim: what the ground could, or that it does not reach far enough. */
export type BoardVerdict = Verdict | "unknown";

/** What a claim is judged by: nothing it depends on may have moved past `position`. */
export interface BoardClaim {
  readonly position: Position;
  readonly tags: readonly string[];
}

/**
 * What one node knows of when tags last moved. Fed by the log's tail, in order, and by nothing else.
 *
 * The board stands at a position, and knows every move after its floor up to there. Pure: no clock, no I/O.
 */
export interface TagBoard {
  /** Where the board stands; `undefined` before the first {@link TagBoard.reset}. */
  position(): Position | undefined;
  /** Forgets everything and stands at `position`: what moved up to there is not known any more. */
  reset(position: Position): void;
  /**
   * Takes the next record. `"hole"`: it does not follow on what the board knows, and nothing was taken; the caller resets.
   * `"known"`: the board is past it already.
   */
  apply(record: ChangeRecord): "applied" | "known" | "hole";
  /**
   * Judges a claim as of `head`, by default as of where the board stands. `"changed"` is final; `"valid"` and `"stale"` are
   * said only when the board knows every move between the claim and `head`.
   */
  judge(claim: BoardClaim, head?: Position): BoardVerdict;
}

/** When a tag last moved at all, and when it was last purged; 0 for not since the floor. */
interface Moves {
  readonly moved: number;
  readonly purged: number;
}

/** Makes a board that remembers at most `maxTags` tags; beyond, the floor rises to the oldest move forgotten. */
export function createTagBoard(maxTags: number): TagBoard {
  let at: Position | undefined;
  let floor = 0;
  /** Last moves per tag, oldest move first. */
  const moves = new Map<string, Moves>();
  /** Kept from one forgetting to the next: a new one would walk over every place that is empty by now. */
  let oldestFirst = moves.entries();

  function note(tag: string, { position: { seq }, mode }: ChangeRecord): void {
    const purged = mode === "purge" ? seq : (moves.get(tag)?.purged ?? 0);
    moves.delete(tag);
    moves.set(tag, { moved: seq, purged });
    if (moves.size <= maxTags) return;
    const [oldest, { moved }] = oldestFirst.next().value!;
    moves.delete(oldest);
    floor = moved;
  }

  function movesPast(since: number, tags: readonly string[]): Verdict {
    let verdict: Verdict = "valid";
    for (const tag of tags) {
      const known = moves.get(tag);
      if (!known || known.moved <= since) continue;
      if (known.purged > since) return "changed";
      verdict = "stale";
    }
    return verdict;
  }

  return {
    position: () => at,
    reset(position) {
      at = position;
      floor = position.seq;
      moves.clear();
      oldestFirst = moves.entries();
    },
    apply(record) {
      if (!at || record.position.epoch !== at.epoch) return "hole";
      if (record.position.seq <= at.seq) return "known";
      if (record.previous !== at.seq) return "hole";
      for (const tag of record.tags) note(tag, record);
      at = record.position;
      return "applied";
    },
    judge(claim, head = at) {
      if (!at || !head || head.epoch !== at.epoch) return "unknown";
      if (claim.position.epoch !== at.epoch) return "changed";
      const since = claim.position.seq;
      const verdict = since < at.seq ? movesPast(since, claim.tags) : "valid";
      if (verdict === "changed" || since >= head.seq) return verdict;
      return since >= floor && reaches(at, head) ? verdict : "unknown";
    },
  };
}
