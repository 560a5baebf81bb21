import { gradeOf } from "../../../src/quality.ts";

const WIDTH = 320;
const HEIGHT = 72;
const PAD = 6;

export interface SparklineProps {
  /** Qualities from 0 to 100, the oldest first. */
  readonly values: readonly number[];
  /** What it shows, for those who do not see it. */
  readonly words: string;
}

/** How a quality went, on the scale of the grades. */
export function Sparkline({ values, words }: SparklineProps) {
  if (values.length < 2) return null;
  const x = (index: number): number => PAD + (index / (values.length - 1)) * (WIDTH - 2 * PAD);
  const y = (value: number): number => PAD + (1 - value / 100) * (HEIGHT - 2 * PAD);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const last = values.at(-1)!;
  return (
    <svg
      className={`sparkline spark-${gradeOf(last)}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words}
    >
      {[20, 40, 60, 80].map((line) => (
        <line key={line} className="spark-rule" x1={0} x2={WIDTH} y1={y(line)} y2={y(line)} />
      ))}
      <polygon
        className="spark-area"
        points={`${x(0)},${HEIGHT} ${points.join(" ")} ${x(values.length - 1)},${HEIGHT}`}
      />
      <polyline className="spark-line" points={points.join(" ")} />
      <circle className="spark-end" cx={x(values.length - 1)} cy={y(last)} r={4} />
    </svg>
  );
}
