import { BarChart, ChartTable } from "example-kit/web/parts/bar-chart.tsx";
import { dayWords } from "example-kit/web/words.ts";
import type { Summary } from "../../../src/answers.ts";

/** Reported and resolved issues of each day, as bars; the same figures follow as a table. */
export function DayChart({ days }: { days: Summary["days"] }) {
  const chart = {
    label: "Issues reported and resolved on each of the last 14 days",
    heads: ["Day", "Reported", "Resolved"],
    most: niceMost(Math.max(...days.flatMap(({ reported, resolved }) => [reported, resolved]))),
    axisWords: String,
    barWidth: 14,
    slots: days.map(({ day, reported, resolved }) => ({
      id: day,
      label: dayWords(day),
      title: `${dayWords(day)}: ${reported} reported, ${resolved} resolved`,
      bars: [
        { className: "bar-reported", value: reported },
        { className: "bar-resolved", value: resolved },
      ],
      cells: [dayWords(day), reported, resolved],
    })),
  };
  return (
    <>
      <BarChart {...chart} />
      <ul className="legend">
        <li className="legend-reported">Reported</li>
        <li className="legend-resolved">Resolved</li>
      </ul>
      <ChartTable {...chart} />
    </>
  );
}

/** The next even number that is round enough for an axis. */
function niceMost(count: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  const step = Math.max(2, magnitude / 5);
  return Math.max(4, Math.ceil(count / step) * step);
}
