import { LiveError } from "@livecache/wire";
import type { Document } from "mongodb";
import { MAX_CHANGE_TAGS, checkTags } from "../base/names.ts";

/** What has happened to one document. */
export interface DocumentChange {
  readonly operation: "insert" | "update" | "replace" | "delete";
  /** Its `_id`. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the application knows its type
  readonly id: any;
  /** The document before the change; `undefined` unless `fullDocumentBeforeChange` is asked for and the collection keeps images. */
  readonly before: Document | undefined;
  /** Names of the fields that an update has set or removed, with dots for those inside; empty for other operations. */
  readonly fields: readonly string[];
}

/**
 * Names what a change of a document makes untrue. `document` is as it is when it is read, which may be later than the change;
 * `undefined` when it is gone. An empty list: nothing.
 */
export type DocumentTags = (document: Document | undefined, change: DocumentChange) => readonly string[];

/** A collection: its tags by document, and those of all of it, which move when it is dropped or renamed. */
export type CollectionTags = DocumentTags | { readonly tags: DocumentTags; readonly all: readonly string[] };

/** What an event of a change stream means. */
export type EventMeaning =
  | { readonly kind: "tags"; readonly tags: readonly string[] }
  /** Nobody can say what it made untrue. */
  | { readonly kind: "everything"; readonly reason: string }
  | { readonly kind: "poison"; readonly record: string; readonly error: unknown };

/** Reads an event of a change stream over these collections. It never throws. */
export function meaningOf(
  event: Document,
  collections: Readonly<Record<string, CollectionTags>>,
): EventMeaning {
  const operation = String(event["operationType"]);
  if (isDocumentOperation(operation)) return meaningOfDocument(event, operation, collections);
  const gone = goneWith(event).filter((name) => Object.hasOwn(collections, name));
  // Whatever ends a database concerns all of its collections.
  const names = event["ns"]?.coll === undefined ? Object.keys(collections) : gone;
  const all = names.map((name) => allOf(collections[name]!));
  const tags = [...new Set(all.flatMap((one) => one ?? []))];
  if (all.includes(undefined) || tags.length > MAX_CHANGE_TAGS) {
    return { kind: "everything", reason: `${operation} of ${names.join(", ")}` };
  }
  return { kind: "tags", tags };
}

const DOCUMENT_OPERATIONS = ["insert", "update", "replace", "delete"] as const;

function isDocumentOperation(operation: string): operation is DocumentChange["operation"] {
  return (DOCUMENT_OPERATIONS as readonly string[]).includes(operation);
}

function meaningOfDocument(
  event: Document,
  operation: DocumentChange["operation"],
  collections: Readonly<Record<string, CollectionTags>>,
): EventMeaning {
  const name = String(event["ns"]?.coll);
  const id: unknown = event["documentKey"]?.["_id"];
  const given = Object.hasOwn(collections, name) ? collections[name]! : undefined;
  // A stream shows only what was asked for; a name that came by a rename is that of its collection.
  if (!given) return { kind: "tags", tags: [] };
  const tagsOf = typeof given === "function" ? given : given.tags;
  try {
    const change = {
      operation,
      id,
      before: event["fullDocumentBeforeChange"] ?? undefined,
      fields: fieldsOf(event),
    };
    const tags: unknown = tagsOf(event["fullDocument"] ?? undefined, change);
    checkTags(tags, MAX_CHANGE_TAGS);
    return { kind: "tags", tags };
  } catch (error) {
    return { kind: "poison", record: `${operation} of ${name} ${showId(id)}`, error };
  }
}

function goneWith(event: Document): string[] {
  const names = [event["ns"]?.coll, event["to"]?.coll] as unknown[];
  return names.filter((name) => typeof name === "string");
}

function allOf(given: CollectionTags): readonly string[] | undefined {
  return typeof given === "function" ? undefined : given.all;
}

function fieldsOf(event: Document): readonly string[] {
  const description = event["updateDescription"] as
    { updatedFields?: Document; removedFields?: string[] } | undefined;
  return [...Object.keys(description?.updatedFields ?? {}), ...(description?.removedFields ?? [])];
}

function showId(id: unknown): string {
  return String(
    typeof id === "object" && id !== null && !("toHexString" in id) ? JSON.stringify(id) : id,
  ).slice(0, 200);
}

/**
 * Refuses what is no set of collections.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function checkCollections(given: unknown): asserts given is Readonly<Record<string, CollectionTags>> {
  const entries = typeof given === "object" && given !== null ? Object.entries(given) : [];
  if (entries.length === 0)
    throw wrong("collections", "at least one, such as { issues: (document, { id }) => [`issue:${id}`] }");
  for (const [name, collection] of entries) {
    if (typeof collection === "function") continue;
    const { tags, all } = (collection ?? {}) as { tags?: unknown; all?: unknown };
    if (typeof tags !== "function")
      throw wrong(`collections.${name}`, "a function, or { tags: function, all: tags }");
    checkTags(all, MAX_CHANGE_TAGS);
  }
}

function wrong(option: string, expected: string): LiveError {
  return new LiveError("LIVE_OPTIONS_INVALID", `openMongoChanges: ${option}: expected ${expected}.`, {
    details: { option },
  });
}
