import type { Answer } from "../measure/figure.ts";
import type { Machine } from "../machine.ts";

/** What one question came to. */
export interface QuestionResult extends Answer {
  readonly name: string;
  readonly question: string;
  readonly tookS: number;
  /** When its run began, and the load average of the machine at that moment. */
  readonly date: string;
  readonly load: number;
}

/** What a run came to; this is the shape of the last line and of the file that is kept. */
export interface Results {
  readonly topic: "cache" | "realtime" | "security";
  readonly quick: boolean;
  readonly seed: number;
  readonly machine: Machine;
  readonly tookS: number;
  readonly questions: readonly QuestionResult[];
}

/** A number as people read it: three or four digits that mean something. */
export function readable(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${(value / 1e6).toFixed(size >= 1e7 ? 1 : 2)} M`;
  if (size >= 10_000) return `${(value / 1e3).toFixed(size >= 1e5 ? 0 : 1)} k`;
  if (size >= 1_000) return value.toFixed(0);
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A ratio as people read it. */
export function readableRatio(ratio: number): string {
  if (ratio === 0) return "× 0";
  return `× ${ratio.toFixed(ratio >= 100 ? 0 : ratio >= 10 ? 1 : ratio >= 0.1 ? 2 : 4)}`;
}
