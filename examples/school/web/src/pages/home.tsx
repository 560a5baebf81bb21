import { useLive } from "@livecache/client/react";
import { wordsFor } from "example-kit/web/live.ts";
import { Ago } from "example-kit/web/parts/ago.tsx";
import { PageHead } from "example-kit/web/parts/page-head.tsx";
import { Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import type { Dashboard } from "../../../src/answers.ts";
import { usePerson } from "../session.tsx";
import { AdminBoard } from "./admin.tsx";
import { ParentBoard } from "./parent.tsx";
import { StaffBoard } from "./staff.tsx";
import { StudentBoard } from "./student.tsx";
import { SuperBoard } from "./super.tsx";
import { TeacherBoard } from "./teacher.tsx";

const today = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** The dashboard of whoever is signed in. */
export function HomePage() {
  const { name, role } = usePerson();
  const { data, error, refetch } = useLive<Dashboard>("/api/dashboard");
  // Right after another role was given, the dashboard of the old one may still be on its way.
  const shown = data?.kind === role ? data : undefined;
  return (
    <>
      <PageHead title={`Hello, ${name.split(" ")[0]}`} note={`${today.format(new Date())}${placeOf(shown)}`}>
        {shown && (
          <p className="faint">
            As of <Ago moment={shown.asOf} />
          </p>
        )}
      </PageHead>
      {!shown && !error && <Skeleton rows={3} height={150} />}
      {!shown && error && <Trouble what="The dashboard" words={wordsFor(error)} onRetry={refetch} />}
      {shown && <div className="board">{boardOf(shown)}</div>}
    </>
  );
}

function placeOf(dashboard: Dashboard | undefined): string {
  if (dashboard?.kind === "school_admin" || dashboard?.kind === "staff") return `, ${dashboard.school}`;
  if (dashboard?.kind === "student") return `, class ${dashboard.className} of ${dashboard.teacher}`;
  return "";
}

function boardOf(dashboard: Dashboard) {
  switch (dashboard.kind) {
    case "super_admin":
      return <SuperBoard board={dashboard} />;
    case "school_admin":
      return <AdminBoard board={dashboard} />;
    case "teacher":
      return <TeacherBoard board={dashboard} />;
    case "staff":
      return <StaffBoard board={dashboard} />;
    case "student":
      return <StudentBoard board={dashboard} />;
    case "parent":
      return <ParentBoard board={dashboard} />;
  }
}
