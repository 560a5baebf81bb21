import { dayWords } from "example-kit/web/words.ts";
import type { Week } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { shortVolume, volumeWords } from "../words.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 200;
const MARGIN = { left: 40, right: 4, top: 12, bottom: 26 };

/** What was moved in each week, as bars; the same figures follow as a table. */
export function WeekChart({ weeks }: { weeks: readonly Week[] }) {
  const [box, width] = useWidth();
  return (
    <>
      <div ref={box} className="chart">
        {width > 0 && <Bars weeks={weeks} width={width} />}
      </div>
      <details className="chart-table">
        <summary>Show as a table</summary>
        <WeekTable weeks={weeks} />
      </details>
    </>
  );
}

function Bars({ weeks, width }: { weeks: readonly Week[]; width: number }) {
  const unit = useUnit();
  const most = niceMost(Math.max(...weeks.map(({ volumeKg }) => volumeKg)));
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const slot = plot.width / weeks.length;
  const bar = Math.min(34, slot * 0.62);
  const labelEvery = slot < 46 ? 2 : 1;
  const yOf = (kg: number): number => MARGIN.top + plot.height * (1 - kg / most);
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label="Volume of each of the last eight weeks">
      {[0, most / 2, most].map((kg) => (
        <g key={kg} className="chart-line">
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(kg)} y2={yOf(kg)} />
          <text x={MARGIN.left - 8} y={yOf(kg)} dy="0.32em" textAnchor="end">
            {shortVolume(kg, unit)}
          </text>
        </g>
      ))}
      {weeks.map(({ week, volumeKg, workouts }, index) => {
        const middle = MARGIN.left + slot * (index + 0.5);
        const isNow = index === weeks.length - 1;
        const height = HEIGHT - MARGIN.bottom - yOf(volumeKg);
        return (
          <g key={week}>
            <title>{`Week of ${dayWords(week)}: ${volumeWords(volumeKg, unit)}, ${workouts} workouts`}</title>
            <rect
              className="chart-slot"
              x={middle - slot / 2}
              y={MARGIN.top}
              width={slot}
              height={plot.height}
            />
            <rect
              className={isNow ? "chart-bar chart-bar-now" : "chart-bar"}
              x={middle - bar / 2}
              y={yOf(volumeKg)}
              width={bar}
              height={height}
              rx={Math.min(4, height)}
            />
            {(weeks.length - 1 - index) % labelEvery === 0 && (
              <text x={Math.min(middle, width - 20)} y={HEIGHT - 6} textAnchor="middle">
                {isNow ? "now" : dayWords(week)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function WeekTable({ weeks }: { weeks: readonly Week[] }) {
  const unit = useUnit();
  return (
    <table>
      <caption className="visually-hidden">Volume and workouts by week</caption>
      <thead>
        <tr>
          <th scope="col">Week of</th>
          <th scope="col">Workouts</th>
          <th scope="col">Sets</th>
          <th scope="col">Volume</th>
        </tr>
      </thead>
      <tbody>
        {weeks.toReversed().map(({ week, workouts, sets, volumeKg }) => (
          <tr key={week}>
            <th scope="row">{dayWords(week)}</th>
            <td>{workouts}</td>
            <td>{sets}</td>
            <td>{volumeWords(volumeKg, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The next number that is round enough for an axis with two steps. */
function niceMost(kg: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1_000, kg)));
  const step = magnitude / 2.5;
  return Math.ceil(kg / step) * step || 1_000;
}
