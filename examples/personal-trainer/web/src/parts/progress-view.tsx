import type { Progress } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { Loaded } from "../sourced.tsx";
import type { Source } from "../sourced.tsx";
import { minutesWords, shortVolume, volumeWords } from "../words.ts";
import { Card } from "./card.tsx";
import { GoalsCard } from "./goals-card.tsx";
import { StatTile } from "./stat-tile.tsx";
import { WeekChart } from "./week-chart.tsx";

/** How far somebody has come: the member's own dashboard, and the trainer's look at it. */
export function ProgressView({ userId, isOwn }: { userId: string; isOwn: boolean }) {
  return (
    <Loaded<Progress> path={`/api/users/${userId}/progress`} what="The progress" rows={3} height={110}>
      {(progress, source) => <Figures progress={progress} source={source} isOwn={isOwn} />}
    </Loaded>
  );
}

interface FiguresProps {
  readonly progress: Progress;
  readonly source: Source;
  readonly isOwn: boolean;
}

function Figures({ progress, source, isOwn }: FiguresProps) {
  const unit = useUnit();
  const { thisWeek, lastWeek, weeklyTarget, streakWeeks, bestStreakWeeks, weeks, goals } = progress;
  return (
    <>
      <section className="tiles" aria-label="This week">
        <StatTile
          kind="workouts"
          icon="dumbbell"
          label="Workouts this week"
          value={thisWeek.workouts}
          note={`of ${weeklyTarget} planned`}
        />
        <StatTile
          kind="volume"
          icon="chart"
          label="Volume this week"
          value={thisWeek.volumeKg}
          format={(kg) => shortVolume(kg, unit)}
          note={`last week ${volumeWords(lastWeek.volumeKg, unit)}`}
        />
        <StatTile
          kind="minutes"
          icon="clock"
          label="Time this week"
          value={thisWeek.minutes}
          format={minutesWords}
          note={`last week ${minutesWords(lastWeek.minutes)}`}
        />
        <StatTile
          kind="streak"
          icon="flame"
          label="Weeks in a row"
          value={streakWeeks}
          note={
            streakWeeks >= bestStreakWeeks && streakWeeks > 0
              ? "the longest so far"
              : `longest: ${bestStreakWeeks}`
          }
        />
      </section>
      <Card title="Volume by week" className="card-weeks" source={source}>
        <WeekChart weeks={weeks} />
      </Card>
      <GoalsCard goals={goals} isOwn={isOwn} />
    </>
  );
}
