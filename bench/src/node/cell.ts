import { isDeepStrictEqual } from "node:util";
import { ROSTER } from "../subject/roster.ts";
import type { SubjectName } from "../subject/roster.ts";
import type { Subject, Tier } from "../subject/subject.ts";
import { openOrigin } from "./origin.ts";
import type { Origin } from "./origin.ts";

/** What a contestant's process is told first. */
export interface OpenSetting {
  readonly name: SubjectName;
  readonly tier: Tier;
  readonly redisUrl: string;
  readonly tags: readonly string[];
  readonly entries: number;
  readonly valueBytes: number;
  /** With a number, loads take so long, and are counted and versioned in Redis. */
  readonly loadMs?: number;
}

/** The contestant of this process, and its origin. */
export interface Cell {
  /** Opens a contestant; one that is open is closed first. */
  open(setting: OpenSetting): Promise<void>;
  subject(): Subject;
  origin(): Origin;
  /** Runs `work` and throws when a value had to be loaded meanwhile: what was timed were no hits then. */
  hitting<T>(work: () => Promise<T>): Promise<T>;
  /** Throws unless a read of the key answers what its origin would. */
  check(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes a cell with nothing in it. */
export function createCell(): Cell {
  let open: { readonly subject: Subject; readonly origin: Origin } | undefined;
  const parts = (): { readonly subject: Subject; readonly origin: Origin } => {
    if (!open) throw new Error("the contestant is not open");
    return open;
  };

  async function close(): Promise<void> {
    const closing = open;
    open = undefined;
    await closing?.subject.close();
    closing?.origin.close();
  }

  return {
    async open({ name, tier, tags, entries, ...rest }) {
      await close();
      const origin = await openOrigin(rest);
      const setting = { tier, tags, entries, redisUrl: rest.redisUrl, load: origin.load };
      open = { origin, subject: await ROSTER[name](setting) };
    },
    subject: () => parts().subject,
    origin: () => parts().origin,
    async hitting(work) {
      const { origin } = parts();
      const before = origin.loads();
      const answer = await work();
      const loads = origin.loads() - before;
      if (loads > 0) throw new Error(`void: ${loads} reads went to the origin while hits were timed`);
      return answer;
    },
    async check(key) {
      const { subject, origin } = parts();
      const found = await subject.read(key);
      const value: unknown = typeof found === "string" ? JSON.parse(found) : found;
      if (!isDeepStrictEqual(value, origin.expected(key)))
        throw new Error(`void: ${key} came back with another value`);
    },
    close,
  };
}
