import { useLive } from "@livecache/client/react";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useState } from "react";
import type { Exercise, Sourced, Stats } from "../../../src/answers.ts";
import { MUSCLES } from "../../../src/vocabulary.ts";
import type { Muscle } from "../../../src/vocabulary.ts";
import { SourceChip } from "../parts/source-chip.tsx";
import { WorkoutForm } from "../parts/workout-form.tsx";
import { usePreferences } from "../preferences.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";
import { MUSCLE_WORDS } from "../words.ts";

/** The exercises there are, by muscle, and a workout from those that one picks. */
export function MusclesPage() {
  const { preferences, save } = usePreferences();
  const toast = useToast();
  const [shown, setShown] = useState<Muscle>();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [logging, setLogging] = useState(false);
  const muscle = shown ?? preferences.muscle;
  function keep(changes: Parameters<typeof save>[0]): void {
    save(changes).catch((error: Error) => toast({ title: "Not kept", body: error.message, icon: "alert" }));
  }
  function toggle(list: readonly string[], id: string): string[] {
    return list.includes(id) ? list.filter((other) => other !== id) : [...list, id];
  }
  return (
    <>
      <PageHead title="Muscles" note="Pick what you want to train, and begin a workout with it.">
        <button
          type="button"
          className="button button-main"
          disabled={picked.length === 0}
          onClick={() => setLogging(true)}
        >
          <Icon name="dumbbell" size={18} />{" "}
          {picked.length === 0 ? "Pick exercises" : `Log these ${picked.length}`}
        </button>
      </PageHead>
      <MuscleChoice
        chosen={muscle}
        onChoose={(next) => {
          setShown(next);
          keep({ muscle: next });
        }}
      />
      <Loaded<Exercise[]> path="/api/exercises" what="The exercises" rows={5} height={72}>
        {(exercises, source) => (
          <section aria-label={MUSCLE_WORDS[muscle]}>
            <SourceChip source={source} />
            <ul className="exercises">
              {sorted(exercises, muscle, preferences.favourites).map((exercise) => (
                <ExerciseRow
                  key={exercise.id}
                  exercise={exercise}
                  isPicked={picked.includes(exercise.id)}
                  isFavourite={preferences.favourites.includes(exercise.id)}
                  onPick={() => setPicked(toggle(picked, exercise.id))}
                  onFavour={() => keep({ favourites: toggle(preferences.favourites, exercise.id) })}
                />
              ))}
            </ul>
          </section>
        )}
      </Loaded>
      {logging && (
        <WorkoutForm
          exerciseIds={picked}
          onClose={() => {
            setLogging(false);
            setPicked([]);
          }}
        />
      )}
    </>
  );
}

function sorted(exercises: readonly Exercise[], muscle: Muscle, favourites: readonly string[]): Exercise[] {
  const own = exercises.filter((exercise) => exercise.muscle === muscle);
  const rank = ({ id }: Exercise): number => (favourites.includes(id) ? 0 : 1);
  return own.toSorted((a, b) => rank(a) - rank(b));
}

/** Which muscles there are, and how much each has had in the last four weeks. */
function MuscleChoice({ chosen, onChoose }: { chosen: Muscle; onChoose: (muscle: Muscle) => void }) {
  const { userId } = usePerson();
  const { data } = useLive<Sourced<Stats>>(`/api/users/${userId}/stats`);
  const setsOf = (muscle: Muscle): number | undefined =>
    data?.data.muscles.find((row) => row.muscle === muscle)?.sets;
  const most = Math.max(1, ...(data?.data.muscles ?? []).map(({ sets }) => sets));
  return (
    <fieldset className="muscles">
      <legend className="visually-hidden">Muscle</legend>
      {MUSCLES.map((muscle) => (
        <label key={muscle} className="muscle">
          <input type="radio" name="muscle" checked={muscle === chosen} onChange={() => onChoose(muscle)} />
          <strong>{MUSCLE_WORDS[muscle]}</strong>
          <span>{setsOf(muscle) ?? "…"} sets</span>
          <span className="muscle-track" aria-hidden="true">
            <span style={{ inlineSize: `${((setsOf(muscle) ?? 0) / most) * 100}%` }} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface ExerciseRowProps {
  readonly exercise: Exercise;
  readonly isPicked: boolean;
  readonly isFavourite: boolean;
  readonly onPick: () => void;
  readonly onFavour: () => void;
}

function ExerciseRow({
  exercise: { name, equipment, cue },
  isPicked,
  isFavourite,
  onPick,
  onFavour,
}: ExerciseRowProps) {
  return (
    <li className={isPicked ? "exercise exercise-picked" : "exercise"}>
      <button
        type="button"
        className={isFavourite ? "button-icon favourite favourite-on" : "button-icon favourite"}
        aria-pressed={isFavourite}
        aria-label={`Favourite: ${name}`}
        onClick={onFavour}
      >
        <Icon name="star" />
      </button>
      <p className="exercise-words">
        <strong>{name}</strong>
        <span>{cue}</span>
      </p>
      <span className="exercise-equipment">{equipment}</span>
      <button
        type="button"
        className="button button-step"
        aria-pressed={isPicked}
        aria-label={`Pick ${name}`}
        onClick={onPick}
      >
        <Icon name={isPicked ? "check" : "plus"} size={16} /> {isPicked ? "Picked" : "Pick"}
      </button>
    </li>
  );
}
