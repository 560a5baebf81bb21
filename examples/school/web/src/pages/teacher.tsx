import { Ago } from "example-kit/web/parts/ago.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Link } from "example-kit/web/router.tsx";
import { dayWords } from "example-kit/web/words.ts";
import { useState } from "react";
import type { TeacherDashboard, ThreadHead } from "../../../src/answers.ts";
import { AssessmentForm } from "../parts/assessment-form.tsx";
import { Tile } from "example-kit/web/parts/tile.tsx";
import { Card, Tiles } from "../parts/card.tsx";
import { MarkBar } from "../parts/marks.tsx";
import { Timetable } from "../parts/timetable.tsx";

/** A teacher's day: lessons, attendance to take, grades to enter, and who wrote. */
export function TeacherBoard({ board }: { board: TeacherDashboard }) {
  const { classes, ownClassIds, lessons, threads } = board;
  const own = classes.filter(({ id }) => ownClassIds.includes(id));
  const others = classes.filter(({ id }) => !ownClassIds.includes(id));
  const toEnter = board.assessments.reduce((sum, { students, graded }) => sum + students - graded, 0);
  const toTake = own.reduce((sum, { today }) => sum + today.unmarked, 0);
  return (
    <>
      <Tiles>
        <Tile icon="list" label="Lessons today" value={lessons.length} />
        <Tile
          icon="check"
          label="Attendance to take"
          value={toTake}
          {...(toTake > 0 && { className: "tile-warn" })}
        />
        <Tile
          icon="pencil"
          label="Grades to enter"
          value={toEnter}
          {...(toEnter > 0 && { className: "tile-warn" })}
        />
        <Tile icon="speech" label="Conversations" value={threads.length} />
      </Tiles>
      <Card title="Attendance" span={7}>
        <ul className="rows">
          {[...own, ...others].map((one) => (
            <li key={one.id} className="row row-tall">
              <span className="row-text">
                <Link href={`/classes/${one.id}`}>Class {one.name}</Link>
                <span>{ownClassIds.includes(one.id) ? "Your class" : one.teacher}</span>
              </span>
              <MarkBar counts={one.today} />
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Today" span={5}>
        <Timetable lessons={lessons} about="className" />
      </Card>
      <Grading board={board} />
      <Card title="Conversations" span={5}>
        {threads.length === 0 && <p className="faint">No parents of your class are here yet.</p>}
        <Threads threads={threads} />
      </Card>
    </>
  );
}

function Grading({ board: { assessments, classes } }: { board: TeacherDashboard }) {
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Grades"
      span={7}
      aside={
        <button type="button" className="button button-step" onClick={() => setAdding(true)}>
          <Icon name="plus" size={18} /> Assessment
        </button>
      }
    >
      {assessments.length === 0 && <p className="faint">Nothing has been assessed yet.</p>}
      <ul className="rows">
        {assessments.map(({ id, title, className, day, graded, students }) => (
          <li key={id} className="row">
            <span className="row-text">
              <Link href={`/assessments/${id}`}>{title}</Link>
              <span>
                Class {className}, {dayWords(day)}
              </span>
            </span>
            <span className={`pill ${graded < students ? "mark-late" : "mark-present"}`}>
              {graded < students ? `${students - graded} to enter` : "Complete"}
            </span>
          </li>
        ))}
      </ul>
      {adding && <AssessmentForm classes={classes} onClose={() => setAdding(false)} />}
    </Card>
  );
}

/** Conversations, each with what was said last. */
export function Threads({ threads }: { threads: readonly ThreadHead[] }) {
  return (
    <ul className="rows">
      {threads.map(({ studentId, student, className, last }) => (
        <li key={studentId} className="row">
          <span className="row-text">
            <Link href={`/threads/${studentId}`}>About {student}</Link>
            <span className="row-quote">
              {last ? `${last.from.name}: ${last.text}` : `Class ${className}. Nothing written yet.`}
            </span>
          </span>
          {last && (
            <span className="faint">
              <Ago moment={last.at} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
