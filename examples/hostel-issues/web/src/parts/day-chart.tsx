import { useEffect, useState } from "react";
import type { Summary } from "../../../src/answers.ts";
import { dayWords } from "example-kit/web/words.ts";

const HEIGHT = 220;
const MARGIN = { left: 28, right: 4, top: 10, bottom: 26 };
const LABEL_WIDTH = 52;

/** Reported and resolved issues of each day, as bars; the same figures follow as a table. */
export function DayChart({ days }: { days: Summary["days"] }) {
  const [box, width] = useWidth();
  return (
    <>
      <div ref={box} className="chart">
        {width > 0 && <Bars days={days} width={width} />}
      </div>
      <ul className="legend">
        <li className="legend-reported">Reported</li>
        <li className="legend-resolved">Resolved</li>
      </ul>
      <details className="chart-table">
        <summary>Show as a table</summary>
        <DayTable days={days} />
      </details>
    </>
  );
}

function Bars({ days, width }: { days: Summary["days"]; width: number }) {
  const most = niceMost(Math.max(...days.flatMap((day) => [day.reported, day.resolved])));
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const slot = plot.width / days.length;
  const bar = Math.min(14, (slot - 4) / 2);
  const labelEvery = Math.ceil(LABEL_WIDTH / slot);
  const yOf = (count: number): number => MARGIN.top + plot.height * (1 - count / most);
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label="Issues reported and resolved on each of the last 14 days"
    >
      {[0, most / 2, most].map((count) => (
        <g key={count} className="chart-line">
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(count)} y2={yOf(count)} />
          <text x={MARGIN.left - 8} y={yOf(count)} dy="0.32em" textAnchor="end">
            {count}
          </text>
        </g>
      ))}
      {days.map(({ day, reported, resolved }, index) => {
        const middle = MARGIN.left + slot * (index + 0.5);
        const labelled = (days.length - 1 - index) % labelEvery === 0;
        return (
          <g key={day}>
            <title>{`${dayWords(day)}: ${reported} reported, ${resolved} resolved`}</title>
            <rect
              className="chart-slot"
              x={middle - slot / 2}
              y={MARGIN.top}
              width={slot}
              height={plot.height}
            />
            <Bar
              className="bar-reported"
              x={middle - bar - 1}
              width={bar}
              top={yOf(reported)}
              bottom={yOf(0)}
            />
            <Bar className="bar-resolved" x={middle + 1} width={bar} top={yOf(resolved)} bottom={yOf(0)} />
            {labelled && (
              <text x={Math.min(middle, width - LABEL_WIDTH / 2 + 4)} y={HEIGHT - 6} textAnchor="middle">
                {dayWords(day)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

interface BarProps {
  readonly className: string;
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

function Bar({ className, x, width, top, bottom }: BarProps) {
  const radius = Math.min(3, width / 2, bottom - top);
  return <rect className={className} x={x} y={top} width={width} height={bottom - top} rx={radius} />;
}

function DayTable({ days }: { days: Summary["days"] }) {
  return (
    <table>
      <caption className="visually-hidden">Issues reported and resolved by day</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Reported</th>
          <th scope="col">Resolved</th>
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map(({ day, reported, resolved }) => (
          <tr key={day}>
            <th scope="row">{dayWords(day)}</th>
            <td>{reported}</td>
            <td>{resolved}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The next even number that is round enough for an axis. */
function niceMost(count: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  const step = Math.max(2, magnitude / 5);
  return Math.max(4, Math.ceil(count / step) * step);
}

/** The width of an element as the window gives it. */
function useWidth(): [(element: HTMLDivElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  useEffect(() => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}
