import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { ChangeSource } from "../ports/change-source.ts";
import { createSourceRecord } from "./source-record.ts";
import type { SourceStatus } from "./source-record.ts";
import { createSink } from "./take-over.ts";
import type { PoisonPolicy } from "./take-over.ts";

/** How a source is taken over. */
export interface SourceOptions {
  /** What is done about a record of which no change can be made. Default `"skip"`. */
  readonly poison?: PoisonPolicy | undefined;
}

/** A source that this node takes over. */
export interface OpenSource {
  status(): SourceStatus;
  /** Has it look for something new at once. */
  wake(): void;
  /** Hands over nothing more once it resolves; what has not been taken over waits for whoever opens the source next. Idempotent. */
  close(): Promise<void>;
}

/** The sources that one node takes over into its log. */
export interface Sources {
  /**
   * Begins to take a source over, in the background.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` for a name that is not 1 to 64 letters, digits, `_` and `-`, or that is open already;
   * `LIVE_CLOSED` after closing
   */
  open(source: ChangeSource, options?: SourceOptions): OpenSource;
  close(): Promise<void>;
}

/** What sources need from their surroundings. */
export interface SourcesParts {
  readonly node: string;
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/**
 * Refuses what is no policy.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function checkPoison(what: string, poison: unknown): asserts poison is PoisonPolicy {
  if (!POLICIES.includes(poison)) {
    throw invalidOption(`${what}: poison`, '"skip", "forget" or "stop"', poison);
  }
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const POLICIES: readonly unknown[] = ["skip", "forget", "stop"];

/** Makes the room of sources, empty. */
export function createSources({ node, changeLog, clock, warn }: SourcesParts): Sources {
  const open = new Map<string, OpenSource>();
  let closed = false;

  function check({ name }: ChangeSource, { poison = "skip" }: SourceOptions): PoisonPolicy {
    if (closed) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    if (typeof name !== "string" || !NAME.test(name)) {
      throw invalidOption("source: name", '1 to 64 letters, digits, "_" and "-"', name);
    }
    if (open.has(name)) throw invalidOption("source: name", "a name that is not open on this node", name);
    checkPoison("source", poison);
    return poison;
  }

  return {
    open(source, options = {}) {
      refuseUnknown("source", options, ["poison"]);
      const poison = check(source, options);
      const { name } = source;
      const closing = new AbortController();
      const record = createSourceRecord(name, warn);
      const running = source.open(
        createSink(name, { node, changeLog, clock, signal: closing.signal, record, poison }),
      );
      async function close(): Promise<void> {
        closing.abort();
        await running.close();
        record.closed();
        open.delete(name);
      }
      let closes: Promise<void> | undefined;
      const opened: OpenSource = {
        status: record.status,
        wake: () => running.wake?.(),
        close: () => (closes ??= close()),
      };
      open.set(name, opened);
      return opened;
    },
    async close() {
      closed = true;
      await Promise.all([...open.values()].map((source) => source.close()));
    },
  };
}
