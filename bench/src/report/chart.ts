/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value as it is written beside the bar. */
  readonly text: string;
  /** The ends of the spread, where there is one. */
  readonly low?: number;
  readonly high?: number;
  readonly kind: "ours" | "floor" | "peer";
}

/** A chart of one measure. */
export interface Chart {
  readonly title: string;
  /** Below the title: unit, and which end is the good one. */
  readonly subtitle: string;
  readonly bars: readonly Bar[];
}

/** The width of the drawing. A phone shows it at about this size, so text is set for it. */
const WIDTH = 420;
const SIDE = 16;
const TOP = 64;
const ROW = 42;
const BAR = 10;
/** Beyond this relation of largest to smallest a linear bar would be a hairline. */
const MOST_LINEAR = 60;

const STYLE = `
    .page { fill: #ffffff; } .text { fill: #1c2128; } .quiet { fill: #57606a; } .track { fill: #eceff2; }
    .ours { fill: #0f766e; } .peer { fill: #8c959f; } .floor { fill: #b7791f; } .spread { stroke: #1c2128; }
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    .title { font-size: 15px; font-weight: 650; } .strong { font-weight: 650; } .end { text-anchor: end; }
    .spread { stroke-width: 1.5; stroke-opacity: 0.55; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #14181d; } .text { fill: #e6e9ec; } .quiet { fill: #a3adb8; } .track { fill: #262c33; }
      .ours { fill: #2dd4bf; } .peer { fill: #7d8894; } .floor { fill: #e0a83e; } .spread { stroke: #e6e9ec; }
    }`;

/**
 * Draws bars, one below the other, as an SVG that follows the reader's light or dark scheme. The scale begins at zero, unless the
 * largest bar is more than 60 times the smallest: then it is logarithmic and says so.
 *
 * @throws RangeError when there is no bar, or one below zero
 */
export function drawChart({ title, subtitle, bars }: Chart): string {
  if (bars.length === 0) throw new RangeError("drawChart: expected at least one bar, received none.");
  const wrong = bars.find(({ value }) => !(value >= 0 && Number.isFinite(value)));
  if (wrong)
    throw new RangeError(`drawChart: ${wrong.label}: expected a number from 0 up, received ${wrong.value}.`);
  const scale = scaleFor(bars);
  const height = TOP + bars.length * ROW + 8;
  const told = scale.isLog ? `${subtitle}, logarithmic scale` : subtitle;
  const spoken = bars.map(({ label, text }) => `${label}: ${text}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">
  <title id="t">${escaped(title)}</title>
  <desc id="d">${escaped(`${told}. ${spoken}.`)}</desc>
  <style>${STYLE}
  </style>
  <rect class="page" width="${WIDTH}" height="${height}" rx="8"/>
  <text class="text title" x="${SIDE}" y="28">${escaped(title)}</text>
  <text class="quiet" x="${SIDE}" y="48">${escaped(told)}</text>
${bars.map((bar, index) => drawBar(bar, TOP + index * ROW, scale.lengthOf)).join("\n")}
</svg>
`;
}

interface Scale {
  readonly isLog: boolean;
  /** From 0 to 1. */
  readonly lengthOf: (value: number) => number;
}

function scaleFor(bars: readonly Bar[]): Scale {
  const most = Math.max(...bars.flatMap(({ value, high }) => [value, high ?? 0]));
  const positive = bars.flatMap(({ value }) => (value > 0 ? [value] : []));
  const least = Math.min(...positive);
  if (most === 0) return { isLog: false, lengthOf: () => 0 };
  if (most / least <= MOST_LINEAR) return { isLog: false, lengthOf: (value) => value / most };
  const [from, to] = [Math.floor(Math.log10(least)), Math.log10(most)];
  const logLength = (value: number): number => (Math.log10(value) - from) / (to - from);
  return { isLog: true, lengthOf: (value) => (value > 0 ? Math.max(0, logLength(value)) : 0) };
}

function drawBar(
  { label, value, text, low, high, kind }: Bar,
  y: number,
  lengthOf: Scale["lengthOf"],
): string {
  const room = WIDTH - 2 * SIDE;
  const at = (number: number): string => (SIDE + room * lengthOf(number)).toFixed(1);
  const middle = y + 20 + BAR / 2;
  const spread =
    low === undefined || high === undefined || low === high
      ? ""
      : `\n  <line class="spread" x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}"/>`;
  const weight = kind === "ours" ? " strong" : "";
  return `  <text class="text${weight}" x="${SIDE}" y="${y + 12}">${escaped(label)}</text>
  <text class="text end${weight}" x="${WIDTH - SIDE}" y="${y + 12}">${escaped(text)}</text>
  <rect class="track" x="${SIDE}" y="${y + 20}" width="${room}" height="${BAR}" rx="3"/>
  <rect class="${kind}" x="${SIDE}" y="${y + 20}" width="${(room * lengthOf(value)).toFixed(1)}" height="${BAR}" rx="3"/>${spread}`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
