import { LiveProvider, useConnection } from "@livecache/client/react";
import { useOwnLiveClient } from "example-kit/web/live.ts";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { ToastProvider } from "example-kit/web/parts/toasts.tsx";
import { Link, usePlace } from "example-kit/web/router.tsx";
import { useEffect } from "react";
import type { Person } from "../../src/answers.ts";
import { ClientPage } from "./pages/client.tsx";
import { ClientsPage } from "./pages/clients.tsx";
import { MusclesPage } from "./pages/muscles.tsx";
import { RecordsPage } from "./pages/records.tsx";
import { SessionsPage } from "./pages/sessions.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { SpeedPage } from "./pages/speed.tsx";
import { TodayPage } from "./pages/today.tsx";
import { WorkoutsPage } from "./pages/workouts.tsx";
import { MemberNews, TrainerNews } from "./parts/news.tsx";
import { TrainerShell } from "./parts/trainer-shell.tsx";
import { PreferencesProvider } from "./preferences.tsx";
import { useSession } from "./session.tsx";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  const { state, person, reload } = useSession();
  if (state === "loading") return <Splash />;
  if (state === "unreachable") {
    return (
      <main className="splash" id="main">
        <Trouble what="Personal Trainer" words="The server cannot be reached." onRetry={reload} />
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

/** One live client for each person: it opens its connection with that person's cookie, and is closed with the page. */
function SignedIn({ person }: { person: Person }) {
  const client = useOwnLiveClient();
  if (!client) return <Splash />;
  return (
    <LiveProvider client={client}>
      <ToastProvider>
        <PreferencesProvider>
          <Pages person={person} />
        </PreferencesProvider>
      </ToastProvider>
    </LiveProvider>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { reload } = useSession();
  const connection = useConnection();
  // Elsewhere, too: in another window, or everywhere.
  const wasEnded = connection.status === "offline" && connection.code === "LIVE_IDENTITY_ENDED";
  useEffect(() => {
    if (wasEnded) reload();
  }, [wasEnded, reload]);
  return (
    <>
      {person.role === "trainer" ? <TrainerNews /> : <MemberNews />}
      <TrainerShell>{pageAt(person, path)}</TrainerShell>
    </>
  );
}

function pageAt({ role }: Person, path: string) {
  const [, section, id] = path.split("/");
  if (path === "/speed") return <SpeedPage />;
  if (path === "/sessions") return <SessionsPage />;
  if (role === "trainer") {
    if (path === "/") return <ClientsPage />;
    if (section === "clients" && id) return <ClientPage key={id} memberId={id} />;
  } else {
    if (path === "/") return <TodayPage />;
    if (path === "/workouts") return <WorkoutsPage />;
    if (path === "/muscles") return <MusclesPage />;
    if (path === "/records") return <RecordsPage />;
  }
  return (
    <Empty title="There is nothing here">
      <Link href="/">Go to the start</Link>
    </Empty>
  );
}
