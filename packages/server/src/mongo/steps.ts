import { createHash } from "node:crypto";
import type { Document } from "mongodb";
import { MAX_CHANGE_TAGS, movedBy } from "../base/names.ts";
import type { PoisonRecord, SourceChange, SourceGap } from "../ports/change-source.ts";
import { meaningOf } from "./collection-tags.ts";
import type { CollectionTags } from "./collection-tags.ts";
import { placeOf } from "./place.ts";

/** What is said to the sink, in order. */
export type Step =
  | { readonly kind: "take"; readonly changes: readonly SourceChange[] }
  | { readonly kind: "gap"; readonly gap: SourceGap }
  | { readonly kind: "refuse"; readonly poison: PoisonRecord };

/** Makes steps of events. It holds back what has no place of its own until one comes that has. */
export interface StepMaker {
  /** `endToken` is a token behind the last event, if the stream has one. */
  stepsOf(events: readonly Document[], endToken?: unknown): Step[];
}

interface Held {
  tags: Set<string>;
  /** Why everything is to be forgotten. */
  everything: string | undefined;
  /** The last place behind what is held. */
  place: string | undefined;
}

/** From so many events at once on, neighbours become one change: a bulk write of ten thousand documents is a few records of the log. */
const JOINED_FROM = 20;

/** Makes the maker for one stream. */
export function createStepMaker(collections: Readonly<Record<string, CollectionTags>>): StepMaker {
  let held: Held = nothing();

  const isPending = (): boolean => held.tags.size > 0 || held.everything !== undefined;

  /** Says what is held, if it has a place and anything to say. */
  function flush(steps: Step[]): void {
    const { tags, everything, place } = held;
    if (place === undefined || !isPending()) return;
    held = nothing();
    if (everything === undefined) addChange(steps, changeOf(place, [...tags]));
    else steps.push({ kind: "gap", gap: { place, reason: everything } });
  }

  function add(steps: Step[], event: Document): void {
    const place = placeOf(event["_id"]);
    const meaning = meaningOf(event, collections);
    if (meaning.kind === "poison" && place !== undefined) {
      flush(steps);
      if (!isPending()) {
        steps.push({ kind: "refuse", poison: { place, record: meaning.record, error: meaning.error } });
        held = nothing();
        return;
      }
    }
    const tags = meaning.kind === "tags" ? meaning.tags : [];
    if (held.tags.size + tags.length > MAX_CHANGE_TAGS) flush(steps);
    for (const tag of tags) held.tags.add(tag);
    if (meaning.kind === "everything") held.everything = meaning.reason;
    // Neither can be told apart from its neighbours: there is no place between them.
    if (meaning.kind === "poison") held.everything = `${meaning.record}: ${String(meaning.error)}`;
    if (held.tags.size > MAX_CHANGE_TAGS) held.everything = "too many tags without a place between them";
    held.place = place;
  }

  return {
    stepsOf(events, endToken) {
      const steps: Step[] = [];
      for (const event of events) {
        add(steps, event);
        if (events.length < JOINED_FROM) flush(steps);
      }
      held.place ??= placeOf(endToken);
      flush(steps);
      return steps;
    },
  };
}

/** A change that only says how far the source has come. */
export function markAt(place: string): SourceChange {
  return changeOf(place, []);
}

function changeOf(place: string, tags: readonly string[]): SourceChange {
  // The same for every process that reads the event, so that all of them speak of one change.
  const changeId = createHash("sha256").update(place).digest("base64url").slice(0, 22);
  return { place, changeId, tags: tags.flatMap(movedBy), mode: "purge", events: [] };
}

function addChange(steps: Step[], change: SourceChange): void {
  const last = steps.at(-1);
  if (last?.kind === "take") steps[steps.length - 1] = { kind: "take", changes: [...last.changes, change] };
  else steps.push({ kind: "take", changes: [change] });
}

function nothing(): Held {
  return { tags: new Set(), everything: undefined, place: undefined };
}
