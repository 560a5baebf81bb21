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

/** How long a redirection is believed against what members say: news of a slot that has moved travels from one to the other. */
const TOLD_COUNTS_MS = 2_000;

/** Who is in charge of which slot, by `host:port` as the cluster tells it. */
export class SlotTable {
  readonly #owners: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #ids = new Map<string, string>();
  /** Owners that a redirection has told, and until when they count. */
  readonly #told = new Map<number, { readonly place: string; readonly untilMs: number }>();

  ownerOf(slot: number): string | undefined {
    return this.#owners[slot];
  }

  /** Name of a server in the cluster, `""` where it is not known. */
  idOf(place: string): string {
    return this.#ids.get(place) ?? "";
  }

  /** Believes another table, apart from what redirections have told lately. */
  replace(ranges: readonly SlotRange[], nowMs: number): void {
    this.#owners.fill(undefined);
    this.#ids = new Map();
    for (const { from, to, primary, id } of ranges) {
      const place = placeOf(primary);
      this.#owners.fill(place, from, to + 1);
      this.#ids.set(place, id);
    }
    for (const [slot, { place, untilMs }] of this.#told) {
      if (nowMs < untilMs) this.#owners[slot] = place;
      else this.#told.delete(slot);
    }
  }

  /** Believes a redirection: one slot has another owner. */
  assign(slot: number, place: string, nowMs: number): void {
    this.#owners[slot] = place;
    this.#told.set(slot, { place, untilMs: nowMs + TOLD_COUNTS_MS });
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
