import { useLive } from "@livecache/client/react";
import { useEffect } from "react";
import type { Hostel, HostelsAnswer, Person } from "../../src/answers.ts";
import { wordsFor } from "example-kit/web/live.ts";
import { AnnouncementsPage } from "./pages/announcements.tsx";
import { DashboardPage } from "./pages/dashboard.tsx";
import { IssuesPage } from "./pages/issues.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { HostelNews } from "./parts/hostel-news.tsx";
import { HostelShell } from "./parts/hostel-shell.tsx";
import {
  SessionGate,
  Splash,
  SplashTrouble,
  useReloadWhenSignedOut,
} from "example-kit/web/parts/session-gate.tsx";
import { Empty, Skeleton } from "example-kit/web/parts/states.tsx";
import { Link, go, usePlace } from "example-kit/web/router.tsx";
import { useSession } from "./session.tsx";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  return (
    <SessionGate session={useSession()} signInPage={<SignInPage />}>
      {(person) => <Pages person={person} />}
    </SessionGate>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { data, error, refetch } = useLive<HostelsAnswer>("/api/hostels");
  const home = person.role === "management" ? "/dashboard" : `/hostels/${person.hostelId}/issues`;
  useEffect(() => {
    if (path === "/") go(home, "replace");
  }, [path, home]);
  useReloadWhenSignedOut(error, useSession().reload);

  if (!data) {
    if (!error) return <Splash />;
    return <SplashTrouble what="Your hostels" words={wordsFor(error)} onRetry={refetch} />;
  }
  const [, section, hostelId, page] = path.split("/");
  const chosen = section === "hostels" ? data.hostels.find(({ id }) => id === hostelId) : undefined;
  const hostel = chosen ?? data.hostels[0]!;
  return (
    <>
      {data.hostels.map(({ id }) => (
        <HostelNews key={id} hostelId={id} />
      ))}
      <HostelShell hostels={data.hostels} hostel={hostel}>
        {pageAt({ person, path, hostel: chosen, page })}
      </HostelShell>
    </>
  );
}

interface Where {
  readonly person: Person;
  readonly path: string;
  readonly hostel: Hostel | undefined;
  readonly page: string | undefined;
}

function pageAt({ person, path, hostel, page }: Where) {
  if (path === "/") return <Skeleton rows={4} height={86} />;
  if (path === "/dashboard" && person.role === "management") return <DashboardPage />;
  if (hostel && page === "issues") return <IssuesPage key={hostel.id} hostel={hostel} />;
  if (hostel && page === "announcements") return <AnnouncementsPage key={hostel.id} hostel={hostel} />;
  return (
    <Empty title="There is nothing here">
      <Link href="/">Go to the start</Link>
    </Empty>
  );
}
