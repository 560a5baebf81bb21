import type { Lesson } from "../../../src/answers.ts";
import { PERIODS } from "../../../src/vocabulary.ts";

export interface TimetableProps {
  readonly lessons: readonly Lesson[];
  /** What a reader wants to know of a lesson besides its subject and room. */
  readonly about: "className" | "teacher";
}

/** Today's lessons, hour by hour. */
export function Timetable({ lessons, about }: TimetableProps) {
  return (
    <ol className="timetable">
      {PERIODS.map((time, period) => {
        const lesson = lessons.find((one) => one.period === period);
        return (
          <li key={time} className={lesson ? "lesson" : "lesson lesson-free"}>
            <span className="lesson-time">{time}</span>
            <span className="lesson-what">
              <strong>{lesson ? lesson.subject : "Free"}</strong>
              {lesson && (
                <span>
                  {about === "className" ? `Class ${lesson.className}` : lesson.teacher}, room {lesson.room}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
