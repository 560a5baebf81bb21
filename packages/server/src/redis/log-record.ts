import { parsePosition } from "@livecache/wire";
import type { ChangeInput, ChangeRecord } from "../ports/change-log.ts";
import type { Revocation } from "../ports/revocation-store.ts";
import { joinLines, splitLines } from "./lines.ts";

/** What stands in a record that a node asks to append. */
export interface RecordInput extends Pick<
  ChangeInput,
  "changeId" | "origin" | "tags" | "mode" | "trace" | "awaited"
> {
  readonly channels: readonly string[];
}

/** Between the parts of a record. No name is empty or has a line end, so none can look like it. */
const GAP = "\n\n";

/** Stands for a trace that there is not. */
const NO_TRACE = "-";

/** Behind the mode of a record whose writer waits until it is applied. */
const AWAITED = "!";

/**
 * The text of a record as `append_record` in `scripts/parts/record.lua` takes it: mode, id, origin, trace; the tags; the channels; and room
 * for what it revokes behind that. Everything has a line of its own.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for a name with a line end
 */
export function formatRecord(record: RecordInput): string {
  const { changeId, origin, mode, awaited, trace } = record;
  const head = joinLines([mode + (awaited ? AWAITED : ""), changeId, origin, trace || NO_TRACE]);
  return `${head}${GAP}${joinLines(record.tags)}${GAP}${joinLines(record.channels)}${GAP}`;
}

/** Reads the answer of XREAD, a map from stream to entries: records in the order of the stream. */
export function readRecords(reply: unknown): ChangeRecord[] {
  const [entries = []] = Object.values((reply ?? {}) as Record<string, [string, string[]][]>);
  return entries.map(([, fields]) => readRecord(fields[1] ?? ""));
}

/** No record of ours. It never follows on anything, so it is seen as a hole. */
const NOWHERE = { epoch: "", seq: Number.NaN };

/** Reads a record, from the log or from its feed. What is none is one that follows on nothing. */
export function readRecord(text: string): ChangeRecord {
  const [head = "", tags = "", channels = "", revoked = ""] = text.split(GAP);
  const [place = "", changeId = "", origin = "", trace = NO_TRACE] = head.split("\n");
  const [position, previous, mode = ""] = place.split(" ");
  const record: ChangeRecord = {
    position: parsePosition(position) ?? NOWHERE,
    previous: Number.parseInt(previous ?? "", 10),
    changeId,
    origin,
    tags: splitLines(tags),
    mode: mode.startsWith("stale") ? "stale" : "purge",
    channels: splitLines(channels),
    trace: trace === NO_TRACE ? undefined : trace,
  };
  if (revoked !== "") return { ...record, revoked: readRevoked(revoked) };
  return mode.endsWith(AWAITED) ? { ...record, awaited: true } : record;
}

/** Reads what a record revokes, one a line: `"<kind> <id> <ms>"`. A line that is none of ours is left out: nothing depends on its place. */
function readRevoked(lines: string): readonly Revocation[] {
  return splitLines(lines).flatMap((line) => {
    const [kind, id = "", at] = line.split(" ");
    const atMs = Number(at);
    if ((kind !== "token" && kind !== "user") || !Number.isSafeInteger(atMs)) return [];
    return [{ kind, id, atMs }];
  });
}
