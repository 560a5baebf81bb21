import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { FormFoot } from "example-kit/web/parts/form-foot.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import type { Refusal } from "example-kit/web/request.ts";
import { useSubmit } from "example-kit/web/use-submit.ts";
import { useState } from "react";
import type { Entry, Exercise, Workout, WorkoutWritten } from "../../../src/answers.ts";
import type { Unit } from "../../../src/vocabulary.ts";
import { useUnit } from "../preferences.tsx";
import { usePerson } from "../session.tsx";
import { Loaded } from "../sourced.tsx";
import { inUnit, toKg, volumeWords } from "../words.ts";
import { EntryFields } from "./entry-fields.tsx";
import type { DraftEntry, Figures } from "./entry-fields.tsx";
import { RestTimer } from "./rest-timer.tsx";

export interface WorkoutFormProps {
  readonly onClose: () => void;
  /** The one to correct; a new one otherwise. */
  readonly workout?: Workout;
  /** Exercises that a new one begins with. */
  readonly exerciseIds?: readonly string[];
}

/** The dialog in which a workout is logged, or corrected: exercises with sets, repetitions and weight. */
export function WorkoutForm(props: WorkoutFormProps) {
  const { userId } = usePerson();
  const title = props.workout ? "Correct this workout" : "Log a workout";
  return (
    <Dialog shape="sheet" title={title} onClose={props.onClose}>
      <Loaded<Exercise[]> path="/api/exercises" what="The exercises" rows={4}>
        {(exercises) => (
          <Loaded<Workout[]> path={`/api/users/${userId}/workouts`} what="Your workouts" rows={4}>
            {(done) => <Form {...props} exercises={exercises} done={done} />}
          </Loaded>
        )}
      </Loaded>
    </Dialog>
  );
}

interface FormProps extends WorkoutFormProps {
  readonly exercises: readonly Exercise[];
  /** What the reader has done before, newest first: where the figures begin. */
  readonly done: readonly Workout[];
}

function Form({ workout, exerciseIds, exercises, done, onClose }: FormProps) {
  const unit = useUnit();
  const [entries, setEntries] = useState(() => firstEntries({ workout, exerciseIds, done, unit }));
  const { busy, refusal, submit } = useWrite({ workout, entries, onClose });
  const volumeKg = entries.reduce((sum, entry) => sum + (volumeOf(entry, unit) || 0), 0);
  return (
    <form className="form" onSubmit={submit}>
      <HeadFields workout={workout} errors={refusal?.fields ?? {}} />
      <EntryFields
        exercises={exercises}
        entries={entries}
        lastTime={(exerciseId) => lastTime({ done, unit }, exerciseId)}
        onChange={setEntries}
      />
      {!workout && <RestTimer />}
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

interface HeadFieldsProps {
  readonly workout: Workout | undefined;
  readonly errors: Refusal["fields"];
}

function HeadFields({ workout, errors }: HeadFieldsProps) {
  return (
    <div className="form-row form-row-uneven">
      <Field label="What was it?" error={errors["title"]}>
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
      <Field label="Minutes" error={errors["minutes"]}>
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
  );
}

interface Writing extends Pick<FormProps, "workout" | "onClose"> {
  readonly entries: readonly DraftEntry[];
}

/** Sends the form, and says how that went. */
function useWrite({ workout, entries, onClose }: Writing) {
  const unit = useUnit();
  const send = useSend();
  const toast = useToast();
  return useSubmit(async (values) => {
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
    const [method, path] = workout
      ? (["PUT", `/api/workouts/${workout.id}`] as const)
      : (["POST", "/api/workouts"] as const);
    const { message, workout: written } = await send<WorkoutWritten>(method, path, body);
    const words = `${written.title}, ${volumeWords(written.volumeKg, unit)}`;
    toast({ title: message, body: words, icon: "check" });
    onClose();
  });
}

function volumeOf({ sets, reps, weight }: Figures, unit: Unit): number {
  return sets * reps * toKg(weight, unit);
}

interface First extends Pick<FormProps, "workout" | "exerciseIds" | "done"> {
  readonly unit: Unit;
}

const USUAL: Figures = { sets: 3, reps: 8, weight: 0 };

function firstEntries({ workout, exerciseIds = [], ...before }: First): readonly DraftEntry[] {
  if (workout) {
    return workout.entries.map((entry, id) => ({
      id,
      exerciseId: entry.exerciseId,
      ...figuresOf(entry, before.unit),
    }));
  }
  const chosen = exerciseIds.length > 0 ? exerciseIds : ["bench-press"];
  return chosen.map((exerciseId, id) => ({ id, exerciseId, ...(lastTime(before, exerciseId) ?? USUAL) }));
}

/** What the reader did of an exercise when they did it last. */
function lastTime({ done, unit }: Pick<First, "done" | "unit">, exerciseId: string): Figures | undefined {
  for (const { entries } of done) {
    const entry = entries.find((one) => one.exerciseId === exerciseId);
    if (entry) return figuresOf(entry, unit);
  }
  return undefined;
}

function figuresOf({ sets, reps, weightKg }: Entry, unit: Unit): Figures {
  return { sets, reps, weight: Math.round(inUnit(weightKg, unit) * 10) / 10 };
}
