import type { Segment } from "../city/streets.ts";

const WAVE_MS = 240_000;

/** What a road is like before anybody has measured it; the demonstration's drivers feel it. It changes slowly, as if weather and repairs were at work. */
export function conditionOf({ id, kind }: Pick<Segment, "id" | "kind">, atMs: number): number {
  const own = digest(id);
  const street = digest(id.replace(/-\d+$/, ""));
  const base = { ring: 86, main: 76, street: 66 }[kind];
  const worn = own > 0.87 ? 54 : 0;
  const slow = 9 * Math.sin((atMs / WAVE_MS + digest(`${id}, later`)) * 2 * Math.PI);
  return Math.min(98, Math.max(4, base + (street - 0.5) * 52 + (own - 0.5) * 30 - worn + slow));
}

/** A number from 0 to 1 that belongs to a text. */
function digest(text: string): number {
  let mixed = 2_166_136_261;
  for (const letter of text) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 16_777_619);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed ^= mixed >>> 13;
  return (mixed >>> 0) / 2 ** 32;
}
