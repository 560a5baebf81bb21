import { useSend } from "example-kit/web/live.ts";
import { DialogForm } from "example-kit/web/parts/dialog-form.tsx";
import { Field } from "example-kit/web/parts/field.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useState } from "react";
import type { Exercise, Goal } from "../../../src/answers.ts";
import { GOAL_KINDS } from "../../../src/vocabulary.ts";
import type { GoalKind } from "../../../src/vocabulary.ts";
import { useUnit } from "../preferences.tsx";
import { Loaded } from "../sourced.tsx";
import { toKg } from "../words.ts";
import { Card } from "./card.tsx";
import { GoalRing } from "./goal-ring.tsx";

const KIND_WORDS: Readonly<Record<GoalKind, string>> = {
  weekly_workouts: "Workouts a week",
  weekly_volume: "Volume a week",
  lift: "A lift",
};

/** Where somebody wants to be. Only they themselves set and remove goals. */
export function GoalsCard({ goals, isOwn }: { goals: readonly Goal[]; isOwn: boolean }) {
  const [adding, setAdding] = useState(false);
  const send = useSend();
  const toast = useToast();
  function remove({ id }: Goal): void {
    send("DELETE", `/api/goals/${id}`).catch((error: Error) =>
      toast({ title: "Not removed", body: error.message, icon: "alert" }),
    );
  }
  return (
    <Card
      title="Goals"
      className="card-goals"
      action={
        isOwn && (
          <button type="button" className="button button-step" onClick={() => setAdding(true)}>
            <Icon name="plus" size={16} /> Set a goal
          </button>
        )
      }
    >
      {goals.length === 0 && <p className="card-empty">No goals yet. A goal gives a week its shape.</p>}
      <ul className="goals">
        {goals.map((goal) => (
          <li key={goal.id}>
            <GoalRing goal={goal} />
            {isOwn && (
              <button
                type="button"
                className="button-icon goal-remove"
                aria-label={`Remove the goal ${goal.title}`}
                onClick={() => remove(goal)}
              >
                <Icon name="cross" size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {adding && <GoalForm onClose={() => setAdding(false)} />}
    </Card>
  );
}

function GoalForm({ onClose }: { onClose: () => void }) {
  const send = useSend();
  const unit = useUnit();
  const [kind, setKind] = useState<GoalKind>("lift");

  async function write(values: FormData): Promise<void> {
    const number = Number(values.get("target"));
    const target = kind === "weekly_workouts" ? number : toKg(number, unit);
    await send("POST", "/api/goals", { kind, target, exerciseId: values.get("exerciseId") });
  }

  return (
    <DialogForm title="Set a goal" words="Set it" write={write} onClose={onClose}>
      {(errors) => (
        <>
          <fieldset className="segments">
            <legend>What counts?</legend>
            {GOAL_KINDS.map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name="kind"
                  value={name}
                  checked={kind === name}
                  onChange={() => setKind(name)}
                />
                <span>{KIND_WORDS[name]}</span>
              </label>
            ))}
          </fieldset>
          {kind === "lift" && <ExerciseChoice />}
          <Field
            label={kind === "weekly_workouts" ? "How many?" : `How much, in ${unit}?`}
            error={errors["target"]}
          >
            {(control) => (
              <input
                {...control}
                name="target"
                type="number"
                inputMode="decimal"
                min="1"
                step="any"
                required
              />
            )}
          </Field>
        </>
      )}
    </DialogForm>
  );
}

function ExerciseChoice() {
  return (
    <Loaded<Exercise[]> path="/api/exercises" what="The exercises" height={60}>
      {(exercises) => (
        <Field label="Which one?">
          {(control) => (
            <select {...control} name="exerciseId" required>
              {exercises.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </Loaded>
  );
}
