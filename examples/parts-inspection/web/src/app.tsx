import { useLive } from "@livecache/client/react";
import { SessionGate, useReloadWhenSignedOut } from "example-kit/web/parts/session-gate.tsx";
import { Empty, Skeleton } from "example-kit/web/parts/states.tsx";
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
  return (
    <SessionGate session={useSession()} signInPage={<SignInPage />}>
      {(person) => <Pages person={person} />}
    </SessionGate>
  );
}

function Pages({ person }: { person: Person }) {
  const { path } = usePlace();
  const { error } = useLive<PeopleAnswer>("/api/people");
  useEffect(() => {
    if (path === "/") go("/audits", "replace");
  }, [path]);
  useReloadWhenSignedOut(error, useSession().reload);
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
