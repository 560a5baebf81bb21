import { BarChart, ChartTable } from "example-kit/web/parts/bar-chart.tsx";
import { dayWords } from "example-kit/web/words.ts";
import type { Week } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { shortVolume, volumeWords } from "../words.ts";

/** What was moved in each week, as bars; the same figures follow as a table. */
export function WeekChart({ weeks }: { weeks: readonly Week[] }) {
  const unit = useUnit();
  const now = weeks.at(-1)?.week;
  const chart = {
    label: "Volume of each of the last eight weeks",
    heads: ["Week of", "Workouts", "Sets", "Volume"],
    most: niceMost(Math.max(...weeks.map(({ volumeKg }) => volumeKg))),
    axisWords: (kg: number) => shortVolume(kg, unit),
    barWidth: 34,
    slots: weeks.map(({ week, workouts, sets, volumeKg }) => ({
      id: week,
      label: week === now ? "now" : dayWords(week),
      title: `Week of ${dayWords(week)}: ${volumeWords(volumeKg, unit)}, ${workouts} workouts`,
      bars: [{ className: week === now ? "bar-now" : "bar-week", value: volumeKg }],
      cells: [dayWords(week), workouts, sets, volumeWords(volumeKg, unit)],
    })),
  };
  return (
    <>
      <BarChart {...chart} />
      <ChartTable {...chart} />
    </>
  );
}

/** The next number that is round enough for an axis with two steps. */
function niceMost(kg: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1_000, kg)));
  const step = magnitude / 2.5;
  return Math.ceil(kg / step) * step || 1_000;
}
