import { dayWords } from "example-kit/web/words.ts";
import type { StudentDashboard } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { Grades } from "../parts/grades-card.tsx";
import { DayDots, MarkPill } from "../parts/marks.tsx";
import { Timetable } from "../parts/timetable.tsx";
import { usePerson } from "../session.tsx";

/** A student's day: lessons, homework, grades, and whether they were noted as there. */
export function StudentBoard({ board: { lessons, homework, attendance } }: { board: StudentDashboard }) {
  const { userId } = usePerson();
  const today = new Date().toISOString().slice(0, 10);
  return (
    <>
      <Card title="Timetable" span={7}>
        <Timetable lessons={lessons} about="teacher" />
      </Card>
      <Card
        title="Attendance"
        span={5}
        aside={<MarkPill mark={attendance.find(({ day }) => day === today)?.mark} />}
      >
        <DayDots days={attendance} />
        <h3>Homework</h3>
        {homework.length === 0 && <p className="faint">Nothing to do. Enjoy the afternoon.</p>}
        <ul className="rows">
          {homework.map(({ id, subject, title, due }) => (
            <li key={id} className="row">
              <span className="row-text">
                <strong>{title}</strong>
                <span>{subject}</span>
              </span>
              <span className="faint">{dayWords(due)}</span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Grades" aside={<span className="faint">Mean of each subject, of 100</span>}>
        <Grades studentId={userId} />
      </Card>
    </>
  );
}
