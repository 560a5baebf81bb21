import type { ChangeRecord } from "../ports/change-log.ts";
import type { Revocation } from "../ports/revocation-store.ts";
import { splitLines } from "./lines.ts";

/** Reads the answer of XREAD, a map from stream to entries: records in the order of the stream. */
export function readRecords(reply: unknown): ChangeRecord[] {
  const [entries = []] = Object.values((reply ?? {}) as Record<string, [string, string[]][]>);
  return entries.map(([id, fields]) => readRecord(id, fields));
}

/** Reads a record as `append.lua` writes it. Numbers that are none never follow on anything, so they are seen as a hole. */
function readRecord(id: string, fields: readonly string[]): ChangeRecord {
  const field = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) field.set(fields[i]!, fields[i + 1]!);
  const text = (name: string): string => field.get(name) ?? "";
  return {
    position: { epoch: text("epoch"), seq: Number.parseInt(id, 10) },
    previous: Number.parseInt(text("previous"), 10),
    changeId: text("id"),
    origin: text("origin"),
    tags: splitLines(text("tags")),
    // A record without a mode was written before there was one.
    mode: text("mode") === "stale" ? "stale" : "purge",
    channels: splitLines(text("channels")),
    trace: text("trace") || undefined,
    revoked: readRevoked(text("revoked")),
  };
}

/** Reads what a record revokes, one a line: `"<kind> <id> <ms>"`. A line that is none of ours is left out: nothing depends on its place. */
function readRevoked(lines: string): readonly Revocation[] | undefined {
  if (lines === "") return undefined;
  return splitLines(lines).flatMap((line) => {
    const [kind, id = "", at] = line.split(" ");
    const atMs = Number(at);
    if ((kind !== "token" && kind !== "user") || !Number.isSafeInteger(atMs)) return [];
    return [{ kind, id, atMs }];
  });
}
