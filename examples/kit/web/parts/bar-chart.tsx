import { useWidth } from "./use-width.ts";

/** A place on the axis below, with its bars side by side. */
export interface BarSlot {
  readonly id: string;
  /** Below the bars, where there is room. */
  readonly label: string;
  /** Shown where the pointer rests. */
  readonly title: string;
  readonly bars: readonly { readonly className: string; readonly value: number }[];
  /** What the table says in this row. */
  readonly cells: readonly (string | number)[];
}

export interface BarChartProps {
  /** What is shown, for those who do not see it. */
  readonly label: string;
  readonly slots: readonly BarSlot[];
  /** The upper end of the axis. */
  readonly most: number;
  readonly axisWords: (value: number) => string | number;
  /** The widest that a bar gets, in pixels. */
  readonly barWidth: number;
  /** The heads of the table. */
  readonly heads: readonly string[];
}

const HEIGHT = 210;
const MARGIN = { left: 40, right: 4, top: 12, bottom: 26 };
const LABEL_WIDTH = 50;
const GAP = 2;

/** Figures over time as bars, as wide as there is room. {@link ChartTable} has the same figures. */
export function BarChart(props: BarChartProps) {
  const [box, width] = useWidth();
  return (
    <div ref={box} className="chart">
      {width > 0 && <Drawing width={width} {...props} />}
    </div>
  );
}

function Drawing({ label, slots, most, axisWords, barWidth, width }: BarChartProps & { width: number }) {
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const slotWidth = plot.width / slots.length;
  const labelEvery = Math.ceil(LABEL_WIDTH / slotWidth);
  const yOf = (value: number): number => MARGIN.top + plot.height * (1 - value / most);
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={label}>
      {[0, most / 2, most].map((value) => (
        <g key={value} className="chart-line">
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(value)} y2={yOf(value)} />
          <text x={MARGIN.left - 8} y={yOf(value)} dy="0.32em" textAnchor="end">
            {axisWords(value)}
          </text>
        </g>
      ))}
      {slots.map((slot, index) => {
        const start = MARGIN.left + slotWidth * index;
        const middle = Math.min(start + slotWidth / 2, width - LABEL_WIDTH / 2 + 5);
        return (
          <g key={slot.id}>
            <title>{slot.title}</title>
            <rect className="chart-slot" x={start} y={MARGIN.top} width={slotWidth} height={plot.height} />
            <Bars slot={slot} start={start} slotWidth={slotWidth} barWidth={barWidth} yOf={yOf} />
            {(slots.length - 1 - index) % labelEvery === 0 && (
              <text x={middle} y={HEIGHT - 6} textAnchor="middle">
                {slot.label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

interface BarsProps {
  readonly slot: BarSlot;
  readonly start: number;
  readonly slotWidth: number;
  readonly barWidth: number;
  readonly yOf: (value: number) => number;
}

function Bars({ slot: { bars }, start, slotWidth, barWidth, yOf }: BarsProps) {
  const gaps = GAP * (bars.length - 1);
  const width = Math.min(barWidth, (slotWidth * 0.8 - gaps) / bars.length);
  const left = start + (slotWidth - width * bars.length - gaps) / 2;
  return bars.map(({ className, value }, index) => {
    const height = yOf(0) - yOf(value);
    return (
      <rect
        key={className}
        className={`chart-bar ${className}`}
        x={left + index * (width + GAP)}
        y={yOf(value)}
        width={width}
        height={height}
        rx={Math.min(3.5, width / 2, height)}
      />
    );
  });
}

/** The figures of a {@link BarChart} in numbers, the newest first, for those who ask for them. */
export function ChartTable({ label, slots, heads }: BarChartProps) {
  return (
    <details className="chart-table">
      <summary>Show as a table</summary>
      <table>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {heads.map((words) => (
              <th key={words} scope="col">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slots.toReversed().map((slot) => (
            <tr key={slot.id}>
              {slot.cells.map((cell, index) =>
                index === 0 ? (
                  <th key={heads[index]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={heads[index]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
