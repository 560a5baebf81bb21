import keySlot from "cluster-key-slot";
import { placeOf } from "./endpoint.ts";
import type { HostPort } from "./endpoint.ts";
import { damaged } from "./failure.ts";

/** How many slots the keys of a cluster are spread over. */
const SLOTS = 16_384;

/** The slot of a key, or of a sharded pub/sub channel. */
export function slotOf(key: string | Buffer): number {
  return keySlot(key);
}

/** Slots that one primary is in charge of, both ends included. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly primary: HostPort;
  /** The primary's name in the cluster. */
  readonly id: string;
}

/**
 * Reads the answer of CLUSTER SLOTS: ranges, each with its servers, the primary first. A server that does not know its own address
 * leaves it out; then it is the one that was `asked`.
 */
export function readSlots(reply: unknown, asked: HostPort): readonly SlotRange[] {
  if (!Array.isArray(reply)) throw damaged("CLUSTER SLOTS", reply);
  return reply.map((range: unknown): SlotRange => {
    const [from, to, primary] = range as readonly [unknown, unknown, unknown];
    const [host, port, id] = Array.isArray(primary) ? (primary as readonly unknown[]) : [];
    if (!isSlot(from) || !isSlot(to) || !Number.isSafeInteger(port)) throw damaged("CLUSTER SLOTS", range);
    const isKnown = typeof host === "string" && host !== "" && host !== "?";
    return {
      ...{ from, to },
      primary: { host: isKnown ? host : asked.host, port: Number(port) },
      id: typeof id === "string" ? id : "",
    };
  });
}

function isSlot(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < SLOTS;
}

/** Who is in charge of which slot, by `host:port` as the cluster tells it. */
export class SlotTable {
  readonly #owners: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #ids = new Map<string, string>();

  ownerOf(slot: number): string | undefined {
    return this.#owners[slot];
  }

  /** Name of a server in the cluster, `""` where it is not known. */
  idOf(place: string): string {
    return this.#ids.get(place) ?? "";
  }

  /** Believes another table. */
  replace(ranges: readonly SlotRange[]): void {
    this.#owners.fill(undefined);
    this.#ids = new Map();
    for (const { from, to, primary, id } of ranges) {
      const place = placeOf(primary);
      this.#owners.fill(place, from, to + 1);
      this.#ids.set(place, id);
    }
  }

  /** Believes that one slot has another owner. */
  assign(slot: number, place: string): void {
    this.#owners[slot] = place;
  }

  /** Every owner, in the order of their lowest slots, which is given with each. */
  owners(): ReadonlyMap<string, number> {
    const lowest = new Map<string, number>();
    for (const [slot, place] of this.#owners.entries()) {
      if (place !== undefined && !lowest.has(place)) lowest.set(place, slot);
    }
    return lowest;
  }

  /** Whether every slot has an owner. */
  isWhole(): boolean {
    return !this.#owners.includes(undefined);
  }
}
