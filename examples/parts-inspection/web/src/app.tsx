import { LiveProvider, useConnection, useLive } from "@livecache/client/react";
import { statusOf, useOwnLiveClient } from "example-kit/web/live.ts";
import { Empty, Skeleton, Trouble } from "example-kit/web/parts/states.tsx";
import { ToastProvider } from "example-kit/web/parts/toasts.tsx";
import { Link, go, usePlace } from "example-kit/web/router.tsx";
import { useEffect } from "react";
import type { PeopleAnswer, Person } from "../../src/answers.ts";
import { AccountPage } from "./pages/account.tsx";
import { AuditPage } from "./pages/audit.tsx";
import { AuditsPage } from "./pages/audits.tsx";
import { CachesPage } from "./pages/caches.tsx";
import { EditAuditPage } from "./pages/edit-audit.tsx";
import { NewAuditPage } from "./pages/new-audit.tsx";
import { PlantPage } from "./pages/plant.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { PartsShell } from "./parts/parts-shell.tsx";
import { useSession } from "./session.tsx";

/** The whole application: the sign-in page, or the pages of whoever is signed in. */
export function App() {
  const { state, person, reload } = useSession();
  if (state === "loading") return <Splash />;
  if (state === "unreachable") {
    return (
      <main className="splash" id="main">
        <Trouble what="Line Check" words="The server cannot be reached." onRetry={reload} />
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
  const { error } = useLive<PeopleAnswer>("/api/people");
  const { reload } = useSession();
  const connection = useConnection();
  useEffect(() => {
    if (path === "/") go("/audits", "replace");
  }, [path]);
  // Elsewhere, too: in another window, or everywhere.
  const wasEnded = connection.status === "offline" && connection.code === "LIVE_IDENTITY_ENDED";
  const signedOut = wasEnded || (error !== undefined && statusOf(error) === 401);
  useEffect(() => {
    if (signedOut) reload();
  }, [signedOut, reload]);
  return <PartsShell>{pageAt(person, path)}</PartsShell>;
}

function pageAt({ role }: Person, path: string) {
  const [, section, name, act] = path.split("/");
  const id = Number(name);
  const isAudit = section === "audits" && Number.isSafeInteger(id) && id > 0;
  if (path === "/") return <Skeleton rows={4} height={86} />;
  if (path === "/audits") return <AuditsPage />;
  if (path === "/audits/new") return <NewAuditPage />;
  if (path === "/account") return <AccountPage />;
  if (isAudit && act === undefined) return <AuditPage key={id} auditId={id} />;
  if (isAudit && act === "edit") return <EditAuditPage key={id} auditId={id} />;
  if (role === "admin" && path === "/plant") return <PlantPage />;
  if (role === "admin" && path === "/caches") return <CachesPage />;
  return (
    <Empty title="There is nothing here">
      <Link href="/audits">Go to the audits</Link>
    </Empty>
  );
}
