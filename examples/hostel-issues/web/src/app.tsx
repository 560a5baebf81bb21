import { LiveProvider, useConnection, useLive } from "@livecache/client/react";
import { useEffect } from "react";
import type { Hostel, HostelsAnswer, Person } from "../../src/answers.ts";
import { statusOf, useOwnLiveClient, wordsFor } from "example-kit/web/live.ts";
import { AnnouncementsPage } from "./pages/announcements.tsx";
import { DashboardPage } from "./pages/dashboard.tsx";
import { IssuesPage } from "./pages/issues.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { HostelNews } from "./parts/hostel-news.tsx";
import { HostelShell } from "./parts/hostel-shell.tsx";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { ToastProvider } from "example-kit/web/parts/toasts.tsx";
import { Link, go, usePlace } from "example-kit/web/router.tsx";
import { useSession } from "./session.tsx";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  const { state, person, reload } = useSession();
  if (state === "loading") return <Splash />;
  if (state === "unreachable") {
    return (
      <main className="splash" id="main">
        <Trouble what="Hostel Desk" words="The server cannot be reached." onRetry={reload} />
      </main>
    );
  }
  return person ? <SignedIn key={person.userId} person={person} /> : <SignInPage />;
}

function Splash() {
  return (
    <main className="splash" id="main">
      <Skeleton rows={3} height={72} />
    </main>
  );
}

/** One live client for each person: it opens its connection with that person's cookie. */
function SignedIn({ person }: { person: Person }) {
  const client = useOwnLiveClient();
  if (!client) return <Splash />;
  return (
    <LiveProvider client={client}>
      <ToastProvider>
        <Pages person={person} />
      </ToastProvider>
    </LiveProvider>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { data, error, refetch } = useLive<HostelsAnswer>("/api/hostels");
  const { reload } = useSession();
  const connection = useConnection();
  const home = person.role === "management" ? "/dashboard" : `/hostels/${person.hostelId}/issues`;
  useEffect(() => {
    if (path === "/") go(home, "replace");
  }, [path, home]);
  // Elsewhere, too: in another window, or everywhere.
  const wasEnded = connection.status === "offline" && connection.code === "LIVE_IDENTITY_ENDED";
  const signedOut = wasEnded || (error !== undefined && statusOf(error) === 401);
  useEffect(() => {
    if (signedOut) reload();
  }, [signedOut, reload]);

  if (!data) {
    return error ? (
      <main className="splash" id="main">
        <Trouble what="Your hostels" words={wordsFor(error)} onRetry={refetch} />
      </main>
    ) : (
      <Splash />
    );
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
