import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import { countOf } from "example-kit/web/words.ts";
import type { Workout } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { minutesWords, volumeWords } from "../words.ts";

export interface WorkoutListProps {
  readonly workouts: readonly Workout[];
  /** The page that shows a workout of the list, asked by `?workout=`. */
  readonly page: string;
}

/** Workouts, newest first; each leads to what there is to know about it. */
export function WorkoutList({ workouts, page }: WorkoutListProps) {
  return (
    <ul className="workouts">
      {workouts.map((workout) => (
        <li key={workout.id}>
          <Row workout={workout} href={`${page}?workout=${workout.id}`} />
        </li>
      ))}
    </ul>
  );
}

function Row({ workout, href }: { workout: Workout; href: string }) {
  const unit = useUnit();
  const { title, finishedAt, volumeKg, minutes, sets, records, comments, entries } = workout;
  return (
    <Link className="workout" href={href}>
      <span className="workout-head">
        <strong>{title}</strong>
        <span className="workout-when">
          <Ago moment={finishedAt} />
        </span>
      </span>
      <span className="workout-lines">{entries.map(({ exercise }) => exercise).join(", ")}</span>
      <span className="workout-figures">
        <span>{volumeWords(volumeKg, unit)}</span>
        <span>{countOf(sets, "set")}</span>
        <span>{minutesWords(minutes)}</span>
        {records > 0 && (
          <span className="workout-record">
            <Icon name="trophy" size={15} /> {countOf(records, "record")}
          </span>
        )}
        {comments > 0 && (
          <span className="workout-talk">
            <Icon name="speech" size={15} /> {countOf(comments, "comment")}
          </span>
        )}
      </span>
    </Link>
  );
}
