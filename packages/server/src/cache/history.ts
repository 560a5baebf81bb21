import type { Position } from "@livecache/wire";
import type { ChangeRecord } from "../ports/change-log.ts";
import type { Cause } from "./narration.ts";

/** Which change moved which tag last, as far back as a node remembers. */
export interface MoveHistory {
  note(record: ChangeRecord): void;
  /** The last known move of one of the tags past a position. */
  causeOf(tags: readonly string[], since: Position): Cause | undefined;
}

/** The last change of a tag. */
interface Move {
  readonly changeId: string;
  readonly position: Position;
}

/** Makes an empty history of at most `maxTags` tags; the tag that moved longest ago is forgotten first. */
export function createMoveHistory(maxTags: number): MoveHistory {
  const moves = new Map<string, Move>();
  /** Kept from one forgetting to the next, so that none walks over what is forgotten already. */
  const oldestFirst = moves.keys();
  return {
    note({ tags, changeId, position }) {
      const move = { changeId, position };
      for (const tag of tags) {
        moves.delete(tag);
        moves.set(tag, move);
        if (moves.size > maxTags) moves.delete(oldestFirst.next().value!);
      }
    },
    causeOf(tags, since) {
      let cause: Cause | undefined;
      for (const tag of tags) {
        const move = moves.get(tag);
        if (!move || move.position.epoch !== since.epoch || move.position.seq <= since.seq) continue;
        if (!cause || move.position.seq > cause.position.seq) cause = { tag, ...move };
      }
      return cause;
    },
  };
}
