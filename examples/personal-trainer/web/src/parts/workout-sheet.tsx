import { useSend } from "example-kit/web/live.ts";
import { Dialog } from "example-kit/web/parts/dialog.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { useState } from "react";
import type { Workout } from "../../../src/answers.ts";
import { useUnit } from "../preferences.tsx";
import { usePerson } from "../session.tsx";
import { minutesWords, momentWords, volumeWords, weightWords } from "../words.ts";
import { WorkoutForm } from "./workout-form.tsx";
import { WorkoutTalk } from "./workout-talk.tsx";

export interface WorkoutSheetProps {
  readonly workout: Workout | undefined;
  readonly onClose: () => void;
}

/** Everything about one workout, and what is said about it. */
export function WorkoutSheet({ workout, onClose }: WorkoutSheetProps) {
  const [editing, setEditing] = useState(false);
  if (!workout) {
    return (
      <Dialog shape="sheet" title="Not there any more" onClose={onClose}>
        <p>This workout was removed, or is older than the last hundred.</p>
      </Dialog>
    );
  }
  if (editing) return <WorkoutForm workout={workout} onClose={() => setEditing(false)} />;
  return (
    <Dialog shape="sheet" title={workout.title} onClose={onClose}>
      <Facts workout={workout} onEdit={() => setEditing(true)} onClose={onClose} />
      <Lines workout={workout} />
      {workout.notes && <p className="sheet-description">{workout.notes}</p>}
      <WorkoutTalk workout={workout} />
    </Dialog>
  );
}

function Facts({ workout, onEdit, onClose }: { workout: Workout; onEdit: () => void; onClose: () => void }) {
  const { id, userId, finishedAt, minutes, volumeKg, records } = workout;
  const unit = useUnit();
  const person = usePerson();
  const send = useSend();
  const toast = useToast();
  const [sure, setSure] = useState(false);
  function remove(): void {
    send("DELETE", `/api/workouts/${id}`).then(onClose, (error: Error) =>
      toast({ title: "Not removed", body: error.message, icon: "alert" }),
    );
  }
  return (
    <>
      <p className="sheet-when">
        {momentWords(finishedAt)} · {minutesWords(minutes)} · {volumeWords(volumeKg, unit)}
      </p>
      {records > 0 && (
        <p className="sheet-records">
          <Icon name="trophy" size={17} />{" "}
          {records === 1 ? "A personal record" : `${records} personal records`}
        </p>
      )}
      {person.userId === userId && (
        <div className="sheet-actions">
          <button type="button" className="button button-step" onClick={onEdit}>
            <Icon name="pencil" size={16} /> Correct
          </button>
          <button
            type="button"
            className={sure ? "button button-step button-bad" : "button button-step"}
            onClick={() => (sure ? remove() : setSure(true))}
          >
            <Icon name="bin" size={16} /> {sure ? "Yes, remove it" : "Remove"}
          </button>
        </div>
      )}
    </>
  );
}

function Lines({ workout: { entries } }: { workout: Workout }) {
  const unit = useUnit();
  return (
    <table className="lines">
      <caption className="visually-hidden">Exercises</caption>
      <thead>
        <tr>
          <th scope="col">Exercise</th>
          <th scope="col">Sets × reps</th>
          <th scope="col">Weight</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ exercise, sets, reps, weightKg }, place) => (
          // The lines of a workout have no names of their own, and one exercise may stand there twice.
          <tr key={place}>
            <th scope="row">{exercise}</th>
            <td>
              {sets} × {reps}
            </td>
            <td>{weightWords(weightKg, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
