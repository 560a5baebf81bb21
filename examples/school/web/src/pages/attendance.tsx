import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { Link } from "example-kit/web/router.tsx";
import { useState } from "react";
import type { AttendanceAnswer } from "../../../src/answers.ts";
import { MARKS } from "../../../src/vocabulary.ts";
import type { Mark } from "../../../src/vocabulary.ts";
import { useAct } from "../parts/use-act.ts";
import { MARK_WORDS } from "../words.ts";

type Student = AttendanceAnswer["students"][number];

/** Taking attendance of a class: each mark counts at once, on every screen that shows it. */
export function AttendancePage({ classId }: { classId: string }) {
  const { data, error, refetch } = useLive<AttendanceAnswer>(`/api/classes/${classId}/attendance`);
  const { act } = useAct();
  // What was chosen here and is on its way: the answer of the server follows.
  const [chosen, setChosen] = useState<Readonly<Record<string, Mark>>>({});

  async function mark(marks: Readonly<Record<string, Mark>>): Promise<void> {
    setChosen((known) => ({ ...known, ...marks }));
    await act("PUT", `/api/classes/${classId}/attendance`, { marks });
    await refetch();
    setChosen((known) => Object.fromEntries(Object.entries(known).filter(([id]) => !(id in marks))));
  }

  const students = data?.students.map((one) => ({ ...one, mark: chosen[one.id] ?? one.mark })) ?? [];
  const open = students.filter((one) => one.mark === null);
  return (
    <>
      <PageHead title={data ? `Class ${data.className}` : "Attendance"} note={noteOf(students)}>
        <div className="page-actions">
          <Link className="button" href="/">
            Done
          </Link>
          {open.length > 0 && (
            <button
              type="button"
              className="button button-main"
              onClick={() => void mark(Object.fromEntries(open.map(({ id }) => [id, "present"])))}
            >
              {open.length === students.length ? "Everybody is here" : "All others are here"}
            </button>
          )}
        </div>
      </PageHead>
      {!data && !error && <Skeleton rows={8} height={56} />}
      {!data && error && <Trouble what="The class" words={wordsFor(error)} onRetry={refetch} />}
      <ul className="card attendance">
        {students.map((student) => (
          <li key={student.id}>
            <StudentMarks student={student} onMark={(to) => void mark({ [student.id]: to })} />
          </li>
        ))}
      </ul>
    </>
  );
}

function noteOf(students: readonly Student[]): string {
  if (students.length === 0) return "Who is here today?";
  const of = (mark: Mark | null): number => students.filter((one) => one.mark === mark).length;
  const open = of(null);
  return `${of("present")} present, ${of("late")} late, ${of("absent")} absent${open ? `, ${open} open` : ""}`;
}

function StudentMarks({ student, onMark }: { student: Student; onMark: (mark: Mark) => void }) {
  return (
    <fieldset className="marks">
      <legend>{student.name}</legend>
      <span className="marks-choice">
        {MARKS.map((one) => (
          <label key={one} className={`marks-${one}`}>
            <input
              type="radio"
              name={`mark-${student.id}`}
              checked={student.mark === one}
              onChange={() => onMark(one)}
            />
            <span>{MARK_WORDS[one]}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}
