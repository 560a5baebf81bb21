import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { go, usePlace } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { Workout } from "../../../src/answers.ts";
import { SourceChip } from "../parts/source-chip.tsx";
import { WorkoutForm } from "../parts/workout-form.tsx";
import { WorkoutList } from "../parts/workout-list.tsx";
import { WorkoutSheet } from "../parts/workout-sheet.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";

/** Everything a member has done. */
export function WorkoutsPage() {
  const { userId } = usePerson();
  const { query } = usePlace();
  const [logging, setLogging] = useState(false);
  const shown = Number(query.get("workout"));
  return (
    <>
      <PageHead
        title="Workouts"
        note="The last hundred, newest first. Open one to read what your trainer says."
      >
        <button type="button" className="button button-main" onClick={() => setLogging(true)}>
          <Icon name="plus" size={18} /> Log a workout
        </button>
      </PageHead>
      <Loaded<Workout[]> path={`/api/users/${userId}/workouts`} what="Your workouts" rows={5} height={92}>
        {(workouts, source) => (
          <>
            {workouts.length === 0 && (
              <Empty title="No workouts yet">Log the first one, however small it was.</Empty>
            )}
            {workouts.length > 0 && <SourceChip source={source} />}
            <WorkoutList workouts={workouts} page="/workouts" />
            {shown > 0 && (
              <WorkoutSheet
                key={shown}
                workout={workouts.find(({ id }) => id === shown)}
                onClose={() => go("/workouts")}
              />
            )}
          </>
        )}
      </Loaded>
      {logging && <WorkoutForm onClose={() => setLogging(false)} />}
    </>
  );
}
