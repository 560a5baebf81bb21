import type { Dialect } from "./dialect.ts";

/** What a server says besides events of the benchmark. */
export type Packet =
  | { readonly type: "ping" | "open" | "other" }
  | { readonly type: "connected"; readonly pid: string | undefined }
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "answer"; readonly id: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly type: "frame"; readonly name: string; readonly body: unknown };

/** Reads a packet of Engine.IO, protocol 4, and Socket.IO, protocol 5, on the main namespace. */
export function readPacket(text: string): Packet {
  if (text === "2") return { type: "ping" };
  if (text.startsWith("0")) return { type: "open" };
  if (text.startsWith("40"))
    return { type: "connected", pid: (JSON.parse(text.slice(2)) as { pid?: string }).pid };
  if (text.startsWith("44")) return { type: "refused", why: text.slice(2) };
  const [, kind, id, json] = /^4([23])(\d*)(\[.*)$/s.exec(text) ?? [];
  if (json === undefined) return { type: "other" };
  const [first, second] = JSON.parse(json) as readonly unknown[];
  if (kind === "3")
    return { type: "answer", id: Number(id), body: first as Readonly<Record<string, unknown>> };
  return { type: "frame", name: String(first), body: second };
}

/** Where a client stands once it has taken an event: a cursor, an offset, or nothing where there is no history. */
export function placeOf(tick: string, dialect: Dialect): string | undefined {
  const parts = JSON.parse(dialect === "raw" ? tick : tick.slice(2)) as readonly unknown[];
  const last = parts[2] as string | { readonly cursor?: string } | undefined;
  return typeof last === "object" ? last.cursor : last;
}
