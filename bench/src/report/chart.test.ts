import { expect, test } from "vitest";
import { drawChart } from "./chart.ts";
import type { Bar } from "./chart.ts";

const bar = (value: number, rest: Partial<Bar> = {}): Bar => ({
  label: `bar ${value}`,
  value,
  text: `${value} op/s`,
  kind: "peer",
  ...rest,
});

/** The widths of the bars drawn, tracks left out. */
function widths(svg: string): number[] {
  return [...svg.matchAll(/<rect class="(?:ours|peer|floor)"[^>]* width="([\d.]+)"/g)].map((match) =>
    Number(match[1]),
  );
}

const draw = (bars: readonly Bar[]) => drawChart({ title: "Hits", subtitle: "op/s, more is better", bars });

test("bars begin at zero and are as long as their numbers", () => {
  const svg = draw([bar(100), bar(50), bar(25), bar(0)]);
  const [full, half, quarter, none] = widths(svg);
  expect([half! / full!, quarter! / full!, none]).toEqual([0.5, 0.25, 0]);
  expect(svg).not.toContain("logarithmic");
});

test("at 60 times the smallest the scale is linear, above it is logarithmic and says so", () => {
  expect(draw([bar(60), bar(1)])).not.toContain("logarithmic");
  const svg = draw([bar(1_000), bar(10)]);
  expect(svg).toContain("logarithmic scale");
  const [large, small] = widths(svg);
  expect(small! / large!).toBeCloseTo(0, 1);
  expect(widths(draw([bar(10_000), bar(150), bar(0)]))[2]).toBe(0);
});

test("a spread is drawn from its low to its high end, within the drawing", () => {
  const svg = draw([bar(50, { low: 25, high: 100 }), bar(40, { low: 40, high: 40 })]);
  const lines = [...svg.matchAll(/<line[^>]* x1="([\d.]+)" x2="([\d.]+)"/g)];
  expect(lines).toHaveLength(1);
  expect(lines[0]!.slice(1).map(Number)).toEqual([113, 404]);
});

test("it can be read aloud, in the dark, and whatever the labels hold", () => {
  const svg = draw([bar(1, { label: 'a <b> & "c"', kind: "ours" })]);
  expect(svg).toContain("a &lt;b&gt; &amp; &quot;c&quot;: 1 op/s");
  expect(svg).not.toContain("<b>");
  for (const part of ['role="img"', "<title", "<desc", "prefers-color-scheme: dark"])
    expect(svg).toContain(part);
});

test("no bars, or one that is no length, are refused", () => {
  expect(() => draw([])).toThrow("received none");
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => draw([bar(value)])).toThrow("expected a number from 0 up");
  }
});
