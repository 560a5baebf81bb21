import { LiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord, Tail, TailEvent, TailReader } from "../ports/change-log.ts";
import type { Link } from "./link.ts";

/** What the tail of a realm needs from its surroundings. */
export interface TailParts {
  readonly log: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** Opens the connection that the tail blocks on; called once, when somebody follows. */
  readonly openLink: () => Link;
  /** Where the log ends now. */
  readonly position: () => Promise<Position>;
  /** Whether the ground has been told of this node lately. */
  readonly isKnown: (node: string) => boolean;
  /** Tells the ground of a new node. */
  readonly introduce: (node: string) => Promise<unknown>;
  readonly forget: (node: string) => void;
  readonly commandTimeoutMs: number;
}

/** Follows the log of one realm on behalf of the nodes of this process. */
export interface LogTail {
  follow(reader: TailReader): Tail;
  /** A heartbeat saw the log end at `head`. In another epoch than the tail's, everything starts again from there. */
  noteHead(head: Position): void;
}

const BLOCK_MS = 250;
const MOST_RECORDS = 500;
const RETRY_MS = 50;

/** Makes the tail of a realm. It reads as long as somebody follows. */
export function createLogTail(parts: TailParts): LogTail {
  const { clock, tasks, signal } = parts;
  const readers = new Set<TailReader>();
  let link: Link | undefined;
  let at: Position | undefined;
  let running = false;

  function tell(event: TailEvent): void {
    for (const reader of readers) reader.onEvent(event);
  }

  function startAt(position: Position): void {
    at = position;
    tell({ type: "start", position });
  }

  /** Tells records that follow on each other; one that does not follow starts everything again. */
  function take(records: readonly ChangeRecord[]): void {
    let next: ChangeRecord[] = [];
    for (const record of records) {
      const follows = at!.epoch === record.position.epoch && at!.seq === record.previous;
      if (follows) {
        next.push(record);
        at = record.position;
        continue;
      }
      if (next.length > 0) tell({ type: "records", records: next });
      next = [];
      startAt(record.position);
    }
    if (next.length > 0) tell({ type: "records", records: next });
  }

  async function readOnce(from: Link): Promise<void> {
    if (!at) startAt(await parts.position());
    const asked = at!;
    const askedAtMs = clock.now();
    const reply = await from.send(
      ["XREAD", "COUNT", `${MOST_RECORDS}`, "BLOCK", `${BLOCK_MS}`, "STREAMS", parts.log, `${asked.seq}-0`],
      { limitMs: BLOCK_MS + parts.commandTimeoutMs },
    );
    // A heartbeat has moved the tail while the question was on its way: the answer is to a question that no longer matters.
    if (at !== asked) return;
    const records = readRecords(reply);
    take(records);
    if (records.length >= MOST_RECORDS) return;
    for (const reader of readers) {
      if (parts.isKnown(reader.node)) reader.onEvent({ type: "heard", askedAtMs });
    }
  }

  async function run(): Promise<void> {
    running = true;
    link ??= parts.openLink();
    while (!signal.aborted && readers.size > 0) {
      try {
        await readOnce(link);
      } catch (error) {
        // The connection replaces itself; whatever was missed meanwhile shows in the next record.
        if ((error as LiveError).code === "LIVE_CLOSED") break;
        await sleep(clock, RETRY_MS, signal);
      }
    }
    running = false;
  }

  return {
    follow(reader) {
      readers.add(reader);
      if (at) reader.onEvent({ type: "start", position: at });
      // A beat that fails here is made up for by the next one.
      tasks.track(parts.introduce(reader.node).catch(() => undefined));
      if (!running) tasks.track(run());
      return {
        close() {
          readers.delete(reader);
          parts.forget(reader.node);
          return Promise.resolve();
        },
      };
    },
    noteHead(head) {
      if (at && head.epoch !== at.epoch && head.seq > at.seq) startAt(head);
    },
  };
}

/** Reads the answer of XREAD, a map from stream to entries: records in the order of the stream. */
function readRecords(reply: unknown): ChangeRecord[] {
  const [entries = []] = Object.values((reply ?? {}) as Record<string, [string, string[]][]>);
  return entries.map(([id, fields]) => readRecord(id, fields));
}

function readRecord(id: string, fields: readonly string[]): ChangeRecord {
  const field = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) field.set(fields[i]!, fields[i + 1]!);
  const list = (name: string): string[] => (field.get(name) || undefined)?.split("\n") ?? [];
  return {
    position: { epoch: field.get("epoch") ?? "", seq: Number(id.split("-")[0]) },
    previous: Number(field.get("previous")),
    changeId: field.get("id") ?? "",
    origin: field.get("origin") ?? "",
    tags: list("tags"),
    channels: list("channels"),
    trace: field.get("trace") || undefined,
  };
}
