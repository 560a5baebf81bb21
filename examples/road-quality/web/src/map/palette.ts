import type { Grade } from "../../../src/vocabulary.ts";
import { GRADES } from "../../../src/vocabulary.ts";

const NAMES = [
  "town",
  "wood",
  "park",
  "water",
  "building",
  "lane",
  "rail",
  "casing",
  "unknown",
  "cell",
  "cell-busy",
  "selected",
] as const;

/** The colours of the map, as the style sheet has them for light and for dark. */
export type Palette = Readonly<Record<(typeof NAMES)[number] | Grade, string>>;

/** Reads the colours that hold now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return Object.fromEntries([
    ...NAMES.map((name) => [name, read(`--map-${name}`)]),
    ...GRADES.map((grade) => [grade, read(`--grade-${grade}`)]),
  ]) as Palette;
}
