import { useChannel, useLive } from "@livecache/client/react";
import { SessionGate, useReloadWhenSignedOut } from "example-kit/web/parts/session-gate.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { useToast } from "example-kit/web/parts/toasts.tsx";
import { Link, usePlace } from "example-kit/web/router.tsx";
import type { Dashboard, Person } from "../../src/answers.ts";
import { AccountPage } from "./pages/account.tsx";
import { AttendancePage } from "./pages/attendance.tsx";
import { CachesPage } from "./pages/caches.tsx";
import { GradingPage } from "./pages/grading.tsx";
import { HomePage } from "./pages/home.tsx";
import { PeoplePage } from "./pages/people.tsx";
import { RolesPage } from "./pages/roles.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { ThreadPage } from "./pages/thread.tsx";
import { SchoolNews } from "./parts/school-news.tsx";
import { SchoolShell } from "./parts/school-shell.tsx";
import { createSchoolClient } from "./school-client.ts";
import { useSession } from "./session.tsx";
import { ROLE_WORDS } from "./words.ts";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  return (
    <SessionGate session={useSession()} signInPage={<SignInPage />} makeClient={createSchoolClient}>
      {(person) => <Pages person={person} />}
    </SessionGate>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { error } = useLive<Dashboard>("/api/dashboard");
  useOwnNews(person);
  useReloadWhenSignedOut(error, useSession().reload);
  const isWorking = ["school_admin", "teacher", "staff"].includes(person.role);
  return (
    <>
      {isWorking && person.schoolId && <SchoolNews schoolId={person.schoolId} />}
      <SchoolShell>{pageAt(person, path)}</SchoolShell>
    </>
  );
}

/** Another role means other pages, at once. */
function useOwnNews({ userId }: Person): void {
  const toast = useToast();
  const { reload } = useSession();
  useChannel(
    "person/:userId",
    { userId },
    {
      role_changed({ role, by }) {
        toast({
          title: `Your role: ${ROLE_WORDS[role]}`,
          body: `${by.name} has changed it. Your pages have changed with it.`,
          icon: "person",
          href: "/",
        });
        reload();
      },
    },
  );
}

function pageAt({ role }: Person, path: string) {
  const [, section, id] = path.split("/");
  if (path === "/") return <HomePage key={role} />;
  if (path === "/account") return <AccountPage />;
  if (section === "classes" && id && (role === "teacher" || role === "school_admin")) {
    return <AttendancePage key={id} classId={id} />;
  }
  if (section === "assessments" && id && role === "teacher") return <GradingPage key={id} id={id} />;
  if (section === "threads" && id && (role === "teacher" || role === "parent")) {
    return <ThreadPage key={id} studentId={id} />;
  }
  if (path === "/people" && role === "school_admin") return <PeoplePage />;
  if (path === "/roles" && role === "super_admin") return <RolesPage />;
  if (path === "/caches" && role === "super_admin") return <CachesPage />;
  return (
    <>
      <h1 className="visually-hidden">Nothing here</h1>
      <Empty title="There is nothing here">
        <Link href="/">Go to the start</Link>
      </Empty>
    </>
  );
}
