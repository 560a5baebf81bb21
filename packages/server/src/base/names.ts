import { LiveError } from "@livecache/wire";
import { invalidOption } from "./check.ts";

/** Longest key or tag, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 512;

/** Most `:`-separated parts of a key. */
export const MAX_KEY_PARTS = 16;

/** Most tags that one entry may declare. */
export const MAX_ENTRY_TAGS = 128;

/** Most tags that one change may move. */
export const MAX_CHANGE_TAGS = 1_000;

const REALM_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Refuses a realm's name that is not 1 to 64 letters, digits, `_` and `-`; every ground spells it into its keys.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function checkRealmName(name: unknown): asserts name is string {
  if (typeof name !== "string" || !REALM_NAME.test(name)) {
    throw invalidOption("realm", '1 to 64 letters, digits, "_" and "-"', name);
  }
}

const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Refuses a key or tag that is not a plain name: empty, longer than {@link MAX_NAME_BYTES}, with control characters, or
 * with `*` (a pattern is given to `deletePattern`, never stored under).
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function checkName(what: "key" | "tag", name: unknown): asserts name is string {
  const fault = nameFault(name);
  if (fault) {
    throw new LiveError("LIVE_INPUT_INVALID", `${what} ${JSON.stringify(name) ?? typeof name}: ${fault}`, {
      details: { what },
    });
  }
}

/** Whether something can be a key or a tag. */
export function isName(name: unknown): name is string {
  return nameFault(name) === undefined;
}

function nameFault(name: unknown): string | undefined {
  if (typeof name !== "string") return `expected a string, received ${typeof name}.`;
  if (name === "") return "expected at least one character.";
  if (CONTROL.test(name)) return "control characters are not allowed; encode them.";
  if (name.includes("*")) return '"*" is not allowed in a name; use deletePattern("prefix:*"), or encode it.';
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `${Buffer.byteLength(name)} bytes, at most ${MAX_NAME_BYTES} are allowed; hash the long part.`;
  }
  return undefined;
}

/**
 * Refuses a key that is no plain name or has more than {@link MAX_KEY_PARTS} parts.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function checkKey(key: unknown): asserts key is string {
  checkName("key", key);
  const parts = key.split(":").length;
  if (parts > MAX_KEY_PARTS) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `key ${JSON.stringify(key)}: ${parts} parts, at most ${MAX_KEY_PARTS} are allowed; join the last ones with another sign.`,
      { details: { what: "key" } },
    );
  }
}

/**
 * Refuses a list of tags with a bad name or more than `max` of them.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function checkTags(tags: unknown, max: number): asserts tags is readonly string[] {
  if (!Array.isArray(tags)) {
    throw new LiveError("LIVE_INPUT_INVALID", `tags: expected a list of strings, received ${typeof tags}.`);
  }
  if (tags.length > max) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `tags: received ${tags.length}, at most ${max} are allowed; tag by a parent.`,
    );
  }
  for (const tag of tags) checkName("tag", tag);
}

/** The tag under which everything below a prefix lies: `"user:42"` gives `"user:42:*"`. */
export function subtreeTag(prefix: string): string {
  return `${prefix}:*`;
}

/** The subtree tags above a key: `"user:42:orders"` lies in `"user:42:*"` and in `"user:*"`. */
export function subtreesOf(key: string): string[] {
  const tags: string[] = [];
  for (let end = key.lastIndexOf(":"); end > 0; end = key.lastIndexOf(":", end - 1)) {
    tags.push(subtreeTag(key.slice(0, end)));
  }
  return tags;
}

/** Everything an entry depends on: its declared tags, its own key, and every subtree its key lies in. No name twice. */
export function dependenciesOf(key: string, tags: readonly string[]): readonly string[] {
  return [...new Set([...tags, key, ...subtreesOf(key)])];
}

/** What moves when a change names `tag`: the tag itself and the subtree of keys below it. */
export function movedBy(tag: string): readonly string[] {
  return [tag, subtreeTag(tag)];
}
