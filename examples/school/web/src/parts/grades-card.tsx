import { useLive } from "@livecache/client/react";
import { statusOf, wordsFor } from "example-kit/web/live.ts";
import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import { Skeleton } from "example-kit/web/parts/states.tsx";
import { dayWords } from "example-kit/web/words.ts";
import type { GradesAnswer } from "../../../src/answers.ts";

/** A student's grades. They are shut while the server cannot know which sign-ins were given back, and come back by themselves. */
export function Grades({ studentId }: { studentId: string }) {
  const { data, error, refetch } = useLive<GradesAnswer>(`/api/students/${studentId}/grades`);
  if (error && (statusOf(error) === 503 || !data)) {
    const isShut = statusOf(error) === 503;
    return (
      <div className="shut" role="status">
        <Icon name="alert" />
        <p>
          {isShut ? "Grades are shut until the server knows for certain who is signed in." : wordsFor(error)}
        </p>
        <button type="button" className="button button-step" onClick={() => void refetch()}>
          Try again
        </button>
      </div>
    );
  }
  if (!data) return <Skeleton rows={4} height={40} />;
  if (data.subjects.length === 0) return <p className="faint">No grades yet.</p>;
  return (
    <ul className="subjects">
      {data.subjects.map(({ subject, mean, grades }) => (
        <li key={subject}>
          <span className="subject-name">{subject}</span>
          <span className="subject-mean">
            <Figure value={Math.round(mean)} />
          </span>
          <span className="subject-track" aria-hidden="true">
            <span className="subject-bar" style={{ inlineSize: `${mean}%` }} />
          </span>
          <span className="faint subject-last">{lastOf(grades)}</span>
        </li>
      ))}
    </ul>
  );
}

function lastOf(grades: GradesAnswer["subjects"][number]["grades"]): string {
  const last = grades.at(-1)!;
  return `${last.title}, ${dayWords(last.day)}: ${last.points} of 100`;
}
