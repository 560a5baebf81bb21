import { Icon } from "example-kit/web/parts/icon.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { Link } from "example-kit/web/router.tsx";
import type { ParentDashboard } from "../../../src/answers.ts";
import { Card } from "../parts/card.tsx";
import { Grades } from "../parts/grades-card.tsx";
import { DayDots, MarkPill } from "../parts/marks.tsx";
import { Threads } from "./teacher.tsx";

/** Parents see each of their children: here or not, grades, and what the teacher says. */
export function ParentBoard({ board: { children } }: { board: ParentDashboard }) {
  const today = new Date().toISOString().slice(0, 10);
  if (children.length === 0) {
    return (
      <div className="span-12">
        <Empty title="No children here yet">
          <p>The school office adds them.</p>
        </Empty>
      </div>
    );
  }
  return (
    <>
      {children.map(({ studentId, student, className, teacher, attendance }) => (
        <Card
          key={studentId}
          title={student}
          span={children.length > 1 ? 6 : 12}
          aside={<MarkPill mark={attendance.find(({ day }) => day === today)?.mark} />}
        >
          <p className="faint">
            Class {className}, teacher {teacher.name}
          </p>
          <DayDots days={attendance} />
          <h3>Grades</h3>
          <Grades studentId={studentId} />
          <p>
            <Link className="button" href={`/threads/${studentId}`}>
              <Icon name="speech" size={18} /> Write to {teacher.name}
            </Link>
          </p>
        </Card>
      ))}
      <Card title="Conversations">
        <Threads threads={children} />
      </Card>
    </>
  );
}
