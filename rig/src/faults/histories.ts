import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, Loss } from "../checkers/finding.ts";
import type { Latency } from "../checkers/latency.ts";
import type { TakenRecord } from "../checkers/limits.ts";
import type { PresenceSample } from "../checkers/presence.ts";
import type { RevokeRecord, TokenCheckRecord } from "../checkers/revocation.ts";
import type { SessionRecord } from "../checkers/sessions.ts";
import type { Outage } from "../checkers/switching.ts";
import type { ClientHistory, PublishedEvent } from "../loss/history.ts";
import type { ReadRecord, WriteRecord } from "../race/history.ts";
import type { FaultName } from "./kinds.ts";

/** One fault as it was. */
export interface Struck {
  readonly fault: FaultName;
  readonly node: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A request that was answered, for its time. */
export interface TimedRequest extends Latency {
  readonly node: string;
}

/** Everything that was seen in a run. Instants are of the machine's monotonic clock. */
export interface Histories {
  readonly writes: WriteRecord[];
  readonly reads: ReadRecord[];
  readonly published: PublishedEvent[];
  readonly revokes: RevokeRecord[];
  readonly checks: TokenCheckRecord[];
  readonly sessions: SessionRecord[];
  readonly taken: { readonly plain: TakenRecord[]; readonly strict: TakenRecord[] };
  readonly presence: PresenceSample[];
  readonly requests: TimedRequest[];
  readonly struck: Struck[];
  readonly losses: Loss[];
  readonly outages: Outage[];
  /** What was found while it happened. */
  readonly findings: Finding[];
  /** Requests by what came of them, such as `"change cluster"`. */
  readonly counts: Record<string, number>;
}

/** Nothing was seen yet. */
export function emptyHistories(): Histories {
  return {
    ...{ writes: [], reads: [], published: [], revokes: [], checks: [], sessions: [], presence: [] },
    ...{ requests: [], struck: [], losses: [], outages: [], findings: [], counts: {} },
    taken: { plain: [], strict: [] },
  };
}

/** Writes what was seen to files of JSON lines in a new folder, and answers its path. */
export async function keepHistories(
  histories: Histories,
  clients: readonly ClientHistory[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "livecache-histories-"));
  const { counts: _, taken, ...lists } = histories;
  const all = {
    ...{ ...lists, plain: taken.plain, strict: taken.strict },
    clients: clients.flatMap(({ client, channel, notes }) =>
      notes.map((note) => ({ client, channel, ...note })),
    ),
  };
  for (const [name, records] of Object.entries(all)) {
    const lines = (records as readonly unknown[]).map((record) => JSON.stringify(record));
    await writeFile(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
  }
  return folder;
}
