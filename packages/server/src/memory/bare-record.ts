import type { Position } from "@livecache/wire";
import type { ChangeInput, ChangeRecord } from "../ports/change-log.ts";
import { tellFollowers } from "./change-log.ts";
import type { RealmState } from "./state.ts";

/** Appends a record that moves tags, and tells it. Answers where it stands. */
export function appendBare(
  state: RealmState,
  { changeId, origin, tags }: Pick<ChangeInput, "changeId" | "origin" | "tags">,
): Position {
  const { previous, position } = state.advance();
  for (const tag of tags) state.moveTag(tag, position.seq, "purge");
  const record: ChangeRecord = { position, previous, changeId, origin, tags, mode: "purge", channels: [] };
  state.remember(record);
  tellFollowers(state, record);
  return position;
}
