import { EJSON } from "bson";
import type { Document } from "bson";

/** Whether a document fits a filter: equal fields (`a.b` looks inside), `$in`, `$or`. Other operators are refused. */
export function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === "$or") return (wanted as Document[]).some((one) => matches(document, one));
    if (name.startsWith("$")) throw new Error(`the operator ${name} is not known here`);
    const value = valueAt(document, name);
    const list = listOf(wanted);
    return list ? list.some((one) => isEqual(value, one)) : isEqual(value, wanted);
  });
}

/** What an update makes of a document: `$set`, `$unset`, or another document in its place. */
export function updated(document: Document, update: Document): Document {
  const operators = Object.keys(update).filter((name) => name.startsWith("$"));
  if (operators.length === 0) return { _id: document["_id"] as unknown, ...update };
  const unknown = operators.find((name) => name !== "$set" && name !== "$unset");
  if (unknown) throw new Error(`the operator ${unknown} is not known here`);
  const result: Document = { ...document, ...(update["$set"] as Document | undefined) };
  for (const name of Object.keys((update["$unset"] as Document | undefined) ?? {})) delete result[name];
  return result;
}

/** One text for each value, whatever class it is of. */
export function keyOf(value: unknown): string {
  return EJSON.stringify({ value }, { relaxed: false });
}

function isEqual(one: unknown, other: unknown): boolean {
  return keyOf(one ?? null) === keyOf(other ?? null);
}

function listOf(wanted: unknown): unknown[] | undefined {
  if (typeof wanted !== "object" || wanted === null) return undefined;
  return (wanted as { $in?: unknown[] }).$in;
}

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split(".")) value = (value as Document | null | undefined)?.[name];
  return value;
}
