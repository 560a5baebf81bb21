import { SessionGate } from "example-kit/web/parts/session-gate.tsx";
import { Empty } from "example-kit/web/parts/states.tsx";
import { Link, usePlace } from "example-kit/web/router.tsx";
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
  return (
    <SessionGate session={useSession()} signInPage={<SignInPage />}>
      {(person) => (
        <PreferencesProvider>
          <Pages person={person} />
        </PreferencesProvider>
      )}
    </SessionGate>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
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
