import { Icon } from "example-kit/web/parts/icon.tsx";
import { useId } from "react";
import type { Exercise } from "../../../src/answers.ts";
import { MUSCLES } from "../../../src/vocabulary.ts";
import { useUnit } from "../preferences.tsx";
import { MUSCLE_WORDS } from "../words.ts";
import { Stepper } from "./stepper.tsx";

/** How much of an exercise, in the reader's unit. */
export interface Figures {
  readonly sets: number;
  readonly reps: number;
  readonly weight: number;
}

/** A line of the form. */
export interface DraftEntry extends Figures {
  /** Tells lines apart while the form is open. */
  readonly id: number;
  readonly exerciseId: string;
}

export interface EntryFieldsProps {
  readonly exercises: readonly Exercise[];
  readonly entries: readonly DraftEntry[];
  /** What the reader did of an exercise when they did it last. */
  readonly lastTime: (exerciseId: string) => Figures | undefined;
  readonly onChange: (entries: readonly DraftEntry[]) => void;
}

const MOST = 30;

/** The exercises of a workout: which, how many sets, how many repetitions, how heavy. */
export function EntryFields({ exercises, entries, lastTime, onChange }: EntryFieldsProps) {
  function add(): void {
    const last = entries.at(-1);
    const id = Math.max(-1, ...entries.map((entry) => entry.id)) + 1;
    const draft = {
      sets: 3,
      reps: 8,
      weight: 0,
      ...last,
      exerciseId: last?.exerciseId ?? exercises[0]!.id,
      id,
    };
    onChange([...entries, draft]);
  }
  return (
    <div className="entries">
      {entries.map((entry, place) => (
        <EntryRow
          key={entry.id}
          number={place + 1}
          exercises={exercises}
          entry={entry}
          lastTime={lastTime}
          onChange={(changed) => onChange(entries.map((other) => (other.id === entry.id ? changed : other)))}
          onRemove={
            entries.length > 1 ? () => onChange(entries.filter(({ id }) => id !== entry.id)) : undefined
          }
        />
      ))}
      {entries.length < MOST && (
        <button type="button" className="button" onClick={add}>
          <Icon name="plus" size={18} /> Add an exercise
        </button>
      )}
    </div>
  );
}

interface EntryRowProps {
  readonly number: number;
  readonly exercises: readonly Exercise[];
  readonly entry: DraftEntry;
  readonly lastTime: EntryFieldsProps["lastTime"];
  readonly onChange: (entry: DraftEntry) => void;
  readonly onRemove: (() => void) | undefined;
}

function EntryRow({ number, exercises, entry, lastTime, onChange, onRemove }: EntryRowProps) {
  const id = useId();
  const unit = useUnit();
  const before = lastTime(entry.exerciseId);
  const isOwnBody = exercises.find((exercise) => exercise.id === entry.exerciseId)?.equipment === "Body";
  return (
    <fieldset className="entry">
      <legend className="visually-hidden">Line {number}</legend>
      <div className="entry-head">
        <label className="visually-hidden" htmlFor={id}>
          Exercise {number}
        </label>
        <select
          id={id}
          value={entry.exerciseId}
          onChange={({ target }) =>
            onChange({ ...entry, exerciseId: target.value, ...lastTime(target.value) })
          }
        >
          {MUSCLES.map((muscle) => (
            <optgroup key={muscle} label={MUSCLE_WORDS[muscle]}>
              {exercises
                .filter((exercise) => exercise.muscle === muscle)
                .map((exercise) => (
                  <option key={exercise.id} value={exercise.id}>
                    {exercise.name}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
        {onRemove && (
          <button
            type="button"
            className="button-icon"
            aria-label={`Remove exercise ${number}`}
            onClick={onRemove}
          >
            <Icon name="bin" size={18} />
          </button>
        )}
      </div>
      <div className="entry-figures">
        <Stepper
          label="Sets"
          value={entry.sets}
          range={[1, 20]}
          onChange={(sets) => onChange({ ...entry, sets })}
        />
        <Stepper
          label="Reps"
          value={entry.reps}
          range={[1, 200]}
          onChange={(reps) => onChange({ ...entry, reps })}
        />
        <Stepper
          label={isOwnBody ? `Extra ${unit}` : `Weight, ${unit}`}
          value={entry.weight}
          range={[0, unit === "kg" ? 500 : 1_100]}
          step={unit === "kg" ? 2.5 : 5}
          onChange={(weight) => onChange({ ...entry, weight })}
        />
      </div>
      <p className="entry-before">
        {before
          ? `Last time ${before.sets} × ${before.reps}${before.weight > 0 ? ` with ${before.weight} ${unit}` : ""}`
          : "Your first time"}
      </p>
    </fieldset>
  );
}
