import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useState } from "react";
import type { FormEvent } from "react";
import type { Exercise, Workout, WorkoutWritten } from "../../../src/answers.ts";
import type { Unit } from "../../../src/vocabulary.ts";
import { useUnit } from "../preferences.tsx";
import { Loaded } from "../sourced.tsx";
import { inUnit, toKg, volumeWords } from "../words.ts";
import { EntryFields } from "./entry-fields.tsx";
import type { DraftEntry } from "./entry-fields.tsx";

export interface WorkoutFormProps {
  readonly onClose: () => void;
  /** The one to correct; a new one otherwise. */
  readonly workout?: Workout;
  /** Exercises that a new one begins with. */
  readonly exerciseIds?: readonly string[];
}

/** The dialog in which a workout is logged, or corrected: exercises with sets, repetitions and weight. */
export function WorkoutForm(props: WorkoutFormProps) {
  const title = props.workout ? "Correct this workout" : "Log a workout";
  return (
    <Dialog shape="sheet" title={title} onClose={props.onClose}>
      <Loaded<Exercise[]> path="/api/exercises" what="The exercises" rows={4}>
        {(exercises) => <Form {...props} exercises={exercises} />}
      </Loaded>
    </Dialog>
  );
}

function Form({ workout, exerciseIds, exercises, onClose }: WorkoutFormProps & { exercises: Exercise[] }) {
  const unit = useUnit();
  const send = useSend();
  const toast = useToast();
  const [entries, setEntries] = useState(() => firstEntries({ workout, exerciseIds, unit }));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const volumeKg = entries.reduce(
    (sum, { sets, reps, weight }) => sum + (sets * reps * toKg(weight, unit) || 0),
    0,
  );

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const values = new FormData(event.currentTarget);
    const body = {
      title: values.get("title"),
      minutes: Number(values.get("minutes")),
      notes: values.get("notes"),
      entries: entries.map(({ exerciseId, sets, reps, weight }) => ({
        exerciseId,
        sets,
        reps,
        weightKg: toKg(weight, unit),
      })),
    };
    setBusy(true);
    try {
      const [method, path] = workout ? ["PUT", `/api/workouts/${workout.id}`] : ["POST", "/api/workouts"];
      const { message, workout: written } = await send<WorkoutWritten>(method!, path!, body);
      toast({
        title: message,
        body: `${written.title}, ${volumeWords(written.volumeKg, unit)}`,
        icon: "check",
      });
      onClose();
    } catch (error) {
      setRefusal(error as Refusal);
      setBusy(false);
    }
  }

  return (
    <form className="form" onSubmit={submit}>
      <div className="form-row form-row-uneven">
        <Field label="What was it?" error={refusal?.fields["title"]}>
          {(control) => (
            <input
              {...control}
              name="title"
              required
              maxLength={80}
              defaultValue={workout?.title ?? ""}
              placeholder="Push day"
              data-first
            />
          )}
        </Field>
        <Field label="Minutes" error={refusal?.fields["minutes"]}>
          {(control) => (
            <input
              {...control}
              name="minutes"
              type="number"
              inputMode="numeric"
              min={1}
              max={600}
              required
              defaultValue={workout?.minutes ?? 45}
            />
          )}
        </Field>
      </div>
      <EntryFields exercises={exercises} entries={entries} onChange={setEntries} />
      <p className="form-sum" aria-live="polite">
        Together {volumeWords(volumeKg, unit)}
      </p>
      <Field label="Notes (optional)" error={refusal?.fields["notes"]}>
        {(control) => (
          <textarea {...control} name="notes" rows={2} maxLength={1000} defaultValue={workout?.notes ?? ""} />
        )}
      </Field>
      <FormFoot
        words={workout ? "Save" : "Finish workout"}
        busy={busy}
        refusal={refusal}
        onCancel={onClose}
      />
    </form>
  );
}

interface First extends Pick<WorkoutFormProps, "workout" | "exerciseIds"> {
  readonly unit: Unit;
}

function firstEntries({ workout, exerciseIds, unit }: First): readonly DraftEntry[] {
  if (workout) {
    return workout.entries.map(({ exerciseId, sets, reps, weightKg }, id) => ({
      id,
      exerciseId,
      sets,
      reps,
      weight: Math.round(inUnit(weightKg, unit) * 10) / 10,
    }));
  }
  const chosen = exerciseIds && exerciseIds.length > 0 ? exerciseIds : ["bench-press"];
  return chosen.map((exerciseId, id) => ({ id, exerciseId, sets: 3, reps: 8, weight: 0 }));
}
