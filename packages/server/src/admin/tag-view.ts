/** An entry of this node's memory, as far as its tags go. */
export interface TaggedEntry {
  /** Tags that were declared. */
  readonly tags: readonly string[];
  /** Those, the key, and the key's subtrees. */
  readonly dependencies: readonly string[];
}

/** The tags that most of the entries have been given. */
export interface TagCounts {
  readonly tags: readonly { readonly tag: string; readonly entries: number }[];
  /** Whether there are more entries than were looked at. */
  readonly isPartial: boolean;
}

/** Most entries that are looked at for one answer: about 20 ms. */
const MOST_LOOKED_AT = 20_000;
const MOST_TAGS = 200;
const MOST_KEYS = 100;

/** Counts by tag; only tags with the text in them. */
export function countTags(entries: Iterable<TaggedEntry>, search: string): TagCounts {
  const counts = new Map<string, number>();
  let looked = 0;
  let isPartial = false;
  for (const { tags } of entries) {
    if (++looked > MOST_LOOKED_AT) {
      isPartial = true;
      break;
    }
    for (const tag of tags) {
      if (search === "" || tag.includes(search)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  }
  const all = [...counts].map(([tag, count]) => ({ tag, entries: count }));
  return { tags: all.sort((a, b) => b.entries - a.entries).slice(0, MOST_TAGS), isPartial };
}

/** Entries that depend on a tag: how many, and the keys of the first. */
export function dependingEntries(
  entries: Iterable<TaggedEntry>,
  tag: string,
): { readonly entries: number; readonly keys: readonly string[] } {
  const keys: string[] = [];
  let count = 0;
  for (const entry of entries) {
    if (!entry.dependencies.includes(tag)) continue;
    count++;
    if (keys.length < MOST_KEYS) keys.push(keyOf(entry));
  }
  return { entries: count, keys };
}

/** The key is the one dependency that is neither declared nor a subtree. */
function keyOf({ tags, dependencies }: TaggedEntry): string {
  return dependencies.find((name) => !tags.includes(name) && !name.endsWith(":*")) ?? "";
}
