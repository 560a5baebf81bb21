import type { Document } from "bson";
import { keyOf, matches, updated } from "./documents.ts";
import { createOplog } from "./oplog.ts";
import type { Oplog } from "./oplog.ts";
import { Refusal } from "./refusal.ts";

/** Where documents are. */
export interface Namespace {
  readonly db: string;
  readonly coll: string;
}

/** Collections of documents in memory, and the log of what happened to them. */
export interface Store {
  readonly oplog: Oplog;
  /** Makes an empty collection; `images` keeps documents as they were before each change. */
  create(ns: Namespace, images: boolean): void;
  find(ns: Namespace, filter: Document): Document[];
  insert(ns: Namespace, document: Document): void;
  /** Answers how many were there, and changed. */
  update(ns: Namespace, filter: Document, update: Document): number;
  remove(ns: Namespace, filter: Document, limit: number): number;
  drop(ns: Namespace): void;
  dropDatabase(db: string): void;
  rename(from: Namespace, to: Namespace): void;
}

interface Collection {
  readonly documents: Map<string, Document>;
  readonly images: boolean;
}

/** Makes an empty store. */
export function createStore(): Store {
  const collections = new Map<string, Collection>();
  const oplog = createOplog();

  function at(ns: Namespace): Collection {
    const found = collections.get(pathOf(ns)) ?? { documents: new Map<string, Document>(), images: false };
    collections.set(pathOf(ns), found);
    return found;
  }

  function drop(ns: Namespace): void {
    if (collections.delete(pathOf(ns))) oplog.add({ event: { operationType: "drop", ns } });
  }

  const find = (ns: Namespace, filter: Document): Document[] =>
    [...(collections.get(pathOf(ns))?.documents.values() ?? [])].filter((one) => matches(one, filter));

  return {
    oplog,
    find,
    create: (ns, images) => void collections.set(pathOf(ns), { documents: new Map(), images }),
    insert(ns, document) {
      const { documents } = at(ns);
      const id = keyOf(document["_id"]);
      if (documents.has(id)) throw new Refusal([11_000, "DuplicateKey"], `E11000 duplicate key: ${id}`);
      documents.set(id, document);
      oplog.add({ event: eventOf("insert", ns, document), after: document });
    },
    update(ns, filter, update) {
      const [document] = find(ns, filter);
      if (!document) return 0;
      const after = updated(document, update);
      const { documents, images } = at(ns);
      documents.set(keyOf(after["_id"]), after);
      const before = images ? document : undefined;
      const isReplaced = !("$set" in update || "$unset" in update);
      if (isReplaced) oplog.add({ event: eventOf("replace", ns, document), before, after });
      else oplog.add({ event: { ...eventOf("update", ns, document), ...described(update) }, before });
      return 1;
    },
    remove(ns, filter, limit) {
      const found = find(ns, filter).slice(0, limit || undefined);
      const { documents, images } = at(ns);
      for (const document of found) {
        documents.delete(keyOf(document["_id"]));
        oplog.add({ event: eventOf("delete", ns, document), before: images ? document : undefined });
      }
      return found.length;
    },
    drop,
    dropDatabase(db) {
      for (const path of collections.keys()) if (path.startsWith(`${db}.`)) drop(fromPath(path));
      oplog.add({ event: { operationType: "dropDatabase", ns: { db } } });
    },
    rename(from, to) {
      const moved = collections.get(pathOf(from));
      if (!moved) throw new Refusal([26, "NamespaceNotFound"], `${pathOf(from)} does not exist`);
      collections.delete(pathOf(from));
      collections.set(pathOf(to), moved);
      oplog.add({ event: { operationType: "rename", ns: from, to } });
    },
  };
}

function eventOf(operationType: string, ns: Namespace, document: Document): Document {
  return { operationType, ns, documentKey: { _id: document["_id"] as unknown } };
}

function described(update: Document): Document {
  const set = (update["$set"] as Document | undefined) ?? {};
  const unset = (update["$unset"] as Document | undefined) ?? {};
  return {
    updateDescription: { updatedFields: set, removedFields: Object.keys(unset), truncatedArrays: [] },
  };
}

function pathOf({ db, coll }: Namespace): string {
  return `${db}.${coll}`;
}

function fromPath(path: string): Namespace {
  const dot = path.indexOf(".");
  return { db: path.slice(0, dot), coll: path.slice(dot + 1) };
}
