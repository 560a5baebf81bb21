import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Freshness } from "./request.ts";

/** Age and standing of a value at hand. */
export interface Standing {
  /** Stamp: the position at which its load began. */
  readonly position: Position;
  readonly ttlMs: number;
  /** Until the TTL ends; at or below 0 when it has. */
  readonly ttlLeftMs: number;
  /** Something it depends on moved since, and only so that it may still be answered as stale. */
  readonly isMoved: boolean;
}

/**
 * What a reader may do with a value: answer it (`current`); answer it and have it loaded anew (`due`: ahead of the end of
 * its TTL, `stale`: past it, or after a soft change); answer it only when the load fails or takes too long (`reserve`); nothing.
 */
export type Use = "current" | "due" | "stale" | "reserve" | "none";

/**
 * Decides what a reader may do with a value, pure. Where a stale value is allowed after the end of its TTL, it is allowed for
 * as long after a soft change that came before. A reader with a fence newer than the value's stamp is never answered
 * with a value that has moved: the move may be its own.
 */
export function useOf(value: Standing, freshness: Freshness, fence: Position | undefined): Use {
  const { ttlMs, ttlLeftMs, isMoved } = value;
  if (ttlLeftMs > 0 && !isMoved) return isDue(ttlMs, ttlLeftMs, freshness.refreshAt) ? "due" : "current";
  if (freshness.consistency === "fresh") return "none";
  if (isMoved && fence && !reaches(value.position, fence)) return "none";
  const staleForMs = Math.max(0, -ttlLeftMs);
  if (staleForMs < freshness.swrMs) return "stale";
  return staleForMs < freshness.graceMs ? "reserve" : "none";
}

/** Whether a value has lived through the share of its TTL after which it is loaded anew. */
export function isDue(ttlMs: number, ttlLeftMs: number, refreshAt: number): boolean {
  return refreshAt < 1 && ttlLeftMs <= ttlMs * (1 - refreshAt);
}

/** How long an entry is kept: its TTL, and as long as anybody may be answered with it as stale. */
export function keepMsOf(ttlMs: number, { swrMs, graceMs }: Freshness): number {
  return ttlMs + Math.max(swrMs, graceMs);
}

/**
 * The TTL of one entry: shortened by up to the share `jitter`, so that what was loaded together does not expire together. By how
 * much is drawn from key and stamp, not from chance: the same load has the same end in every replay.
 */
export function jitteredTtlMs(ttlMs: number, jitter: number, of: { key: string; seq: number }): number {
  if (jitter === 0) return ttlMs;
  return Math.max(1, Math.round(ttlMs * (1 - jitter * shareOf(`${of.key}\n${of.seq}`))));
}

/** A share from 0 to 1, evenly spread over texts: FNV-1a with a last mix. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000;
}
