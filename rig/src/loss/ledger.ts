import type { PublishedEvent } from "./history.ts";
import type { PublisherShare } from "./publisher.ts";
import type { Site } from "./site.ts";
import { channelName } from "./traffic.ts";

/** What all publishers of a run have said that they did. */
export interface Ledger {
  /** Asks everybody who is alive. */
  collect(): Promise<void>;
  count(): number;
  pending(): number;
  refused(): Readonly<Record<string, number>>;
  published(finals: readonly string[]): readonly PublishedEvent[];
}

/** Makes an empty ledger. */
export function createLedger(site: Site): Ledger {
  const channels = new Map<string, number>();
  const positions = new Map<string, string>();
  const refused: Record<string, number> = {};
  let pending = 0;

  function add(share: PublisherShare): void {
    for (const [id, channel] of share.meant) channels.set(id, channel);
    for (const [id, position] of share.acked) positions.set(id, position);
    for (const [code, count] of Object.entries(share.refused)) refused[code] = (refused[code] ?? 0) + count;
    pending += share.pending;
  }

  return {
    async collect() {
      const shares = site.places.map(({ process }) =>
        (process.call("take") as Promise<PublisherShare>).catch(() => undefined),
      );
      for (const share of await Promise.all(shares)) if (share) add(share);
    },
    count: () => channels.size,
    pending: () => pending,
    refused: () => refused,
    published(finals) {
      const last = new Set(finals);
      return [...channels].map(([id, channel]) => ({
        ...{ id, channel: channelName(channel), position: positions.get(id), final: last.has(id) },
      }));
    },
  };
}
