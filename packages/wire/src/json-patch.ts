/** One step of a patch. `path` is a JSON Pointer (RFC 6901). */
export type PatchStep =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** A JSON Patch (RFC 6902) of its steps `add`, `replace` and `remove`, to be taken in order. */
export type JsonPatch = readonly PatchStep[];

/** The key that means an object's prototype when it is assigned to: no step goes through it. */
const PROTOTYPE_KEY = "__proto__";

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Applies a patch to a JSON value and answers the new one; what has not changed is shared between the two, and `document` is left as
 * it is. `undefined` when the patch is malformed, does not fit the value, or goes through `__proto__`.
 */
export function applyPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) return undefined;
  let result = document;
  for (const step of patch as readonly Partial<PatchStep>[]) {
    const { op, path } = step ?? {};
    if ((op !== "add" && op !== "replace" && op !== "remove") || typeof path !== "string") return undefined;
    if (path !== "" && !path.startsWith("/")) return undefined;
    const keys = path.split("/").slice(1);
    result = stepped(result, keys.map(unescaped), step as PatchStep);
    if (result === undefined) return undefined;
  }
  return result;
}

function stepped(at: unknown, [key, ...rest]: readonly string[], step: PatchStep): unknown {
  if (key === undefined) return step.op === "remove" ? undefined : step.value;
  const isAdded = step.op === "add" && rest.length === 0;
  const isRemoved = step.op === "remove" && rest.length === 0;
  if (typeof at !== "object" || at === null || key === PROTOTYPE_KEY) return undefined;
  const place = Array.isArray(at) ? indexOf(at, key) : key;
  if (!Object.hasOwn(at, place) && !(isAdded && place !== -1)) return undefined;
  const inner = isRemoved ? null : stepped((at as Record<string, unknown>)[place], rest, step);
  if (inner === undefined) return undefined;
  if (Array.isArray(at)) {
    const list = at.slice();
    list.splice(Number(place), isAdded ? 0 : 1, ...(isRemoved ? [] : [inner]));
    return list;
  }
  const copy: Record<string, unknown> = { ...at };
  if (isRemoved) delete copy[place];
  else copy[place] = inner;
  return copy;
}

/** The place of an array that a key names, its end included; -1 for none. */
function indexOf(list: readonly unknown[], key: string): number {
  const index = key === "-" ? list.length : INDEX.test(key) ? Number(key) : -1;
  return index <= list.length ? index : -1;
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
